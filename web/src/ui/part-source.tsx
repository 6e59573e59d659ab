'use client'
import type { Cut, SpanPart } from '@cairn/sdk/protocol'
import { createContext, type ReactNode, use, useMemo } from 'react'

interface PartSource {
  /** What was left out, by its JSON pointer. */
  readonly cuts: ReadonlyMap<string, Cut>
  readonly load: (at: string, offset: number) => Promise<SpanPart>
}

const Context = createContext<PartSource | null>(null)

interface PartSourceProps {
  readonly cuts: readonly Cut[]
  readonly load: PartSource['load']
  readonly children: ReactNode
}

/** Where the rest of values comes from that were sent cut. */
export function PartSourceProvider({ cuts, load, children }: PartSourceProps) {
  const source = useMemo(() => ({ cuts: new Map(cuts.map((cut) => [cut.at, cut])), load }), [cuts, load])
  return <Context value={source}>{children}</Context>
}

export const usePartSource = () => use(Context)
