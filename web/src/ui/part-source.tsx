'use client'
import type { Cut, SpanPart } from '@cairn/sdk/protocol'
import { createContext, type ReactNode, use, useMemo } from 'react'

interface PartSource {
  /** What was left out, by its JSON pointer. */
  readonly cuts: ReadonlyMap<string, Cut>
  readonly load: (at: string, offset: number) => Promise<SpanPart>
  /** The value at a JSON pointer, uncut. */
  readonly loadWhole: (at: string) => Promise<unknown>
}

const Context = createContext<PartSource | null>(null)

interface PartSourceProps {
  readonly cuts: readonly Cut[]
  readonly load: PartSource['load']
  readonly loadWhole: PartSource['loadWhole']
  readonly children: ReactNode
}

/** Where the rest of values comes from that were sent cut. */
export function PartSourceProvider({ cuts, load, loadWhole, children }: PartSourceProps) {
  const source = useMemo(() => ({ cuts: new Map(cuts.map((cut) => [cut.at, cut])), load, loadWhole }), [cuts, load, loadWhole])
  return <Context value={source}>{children}</Context>
}

export const usePartSource = () => use(Context)

/** The whole of a value for a copy: what was sent cut is asked for first. */
export function useWhole(value: unknown, at: string | undefined): () => unknown {
  const source = usePartSource()
  if (source === null || at === undefined) return () => value
  return () => (isCutAt(source, at) ? source.loadWhole(at) : value)
}

const isCutAt = ({ cuts }: PartSource, at: string): boolean => [...cuts.keys()].some((cut) => cut === at || cut.startsWith(`${at}/`))

export function useIsCut(at: string | undefined): boolean {
  const source = usePartSource()
  return source !== null && at !== undefined && isCutAt(source, at)
}
