'use client'
import type { Cut } from '@cairn/sdk/protocol'
import { type ReactNode, useCallback } from 'react'
import { useTRPCClient } from '@/lib/trpc'
import { PartSourceProvider } from '@/ui/part-source'

interface SpanPartsProps {
  readonly traceId: string
  readonly spanId: string
  readonly cuts: readonly Cut[]
  readonly children: ReactNode
}

/** What of a span was sent cut is loaded from the span. */
export function SpanParts({ traceId, spanId, cuts, children }: SpanPartsProps) {
  const client = useTRPCClient()
  const load = useCallback(
    (at: string, offset: number) => client.views.part.query({ traceId: traceId as never, spanId: spanId as never, at, offset }),
    [client, traceId, spanId],
  )
  return (
    <PartSourceProvider cuts={cuts} load={load}>
      {children}
    </PartSourceProvider>
  )
}
