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
  const loadWhole = useCallback(
    async (at: string) => valueAt(await client.traces.span.query({ traceId: traceId as never, spanId: spanId as never }), at),
    [client, traceId, spanId],
  )
  return (
    <PartSourceProvider cuts={cuts} load={load} loadWhole={loadWhole}>
      {children}
    </PartSourceProvider>
  )
}

function valueAt(span: unknown, pointer: string): unknown {
  let value = span
  for (const key of pointer.split('/').slice(1))
    value =
      value !== null && typeof value === 'object'
        ? (value as Record<string, unknown>)[key.replaceAll('~1', '/').replaceAll('~0', '~')]
        : undefined
  return value
}
