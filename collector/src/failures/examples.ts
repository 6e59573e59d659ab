import { type FailureEventRow, getRunCosts, listFailedSpans } from '@cairn/clickhouse'
import { type FailureExample, type FailureGroup, RunId, SpanId, TraceId } from '@cairn/sdk/protocol'
import { Decimal } from 'decimal.js'
import type { CollectorContext } from '../context.ts'
import { findFailedSpan } from './failed-span.ts'

/** The newest of a group's failures, the one in the middle by how long it took, and the one that cost least. */
export async function findExamples(
  ctx: CollectorContext,
  projectId: string,
  events: readonly FailureEventRow[],
): Promise<FailureGroup['examples']> {
  const runIds = [...new Set(events.flatMap(({ runId }) => runId || []))]
  const costs = await getRunCosts(ctx.clickhouse, { projectId, runIds })
  const costOf = ({ runId }: FailureEventRow): string | null => costs.get(runId) ?? (runId === '' || costs.has(runId) ? null : '0')
  const newest = events[0]
  const byDuration = [...events].sort((a, b) => a.durationMs - b.durationMs)
  const typical = byDuration[Math.floor(byDuration.length / 2)]
  const priced = events.filter((event) => costOf(event) !== null)
  const cheapest = priced.reduce<FailureEventRow | undefined>(
    (best, event) => (best === undefined || new Decimal(costOf(event) ?? 0).lt(costOf(best) ?? 0) ? event : best),
    undefined,
  )
  const traceIds = [...new Set([newest, typical, cheapest].flatMap((event) => event?.traceId ?? []))]
  const spans = Map.groupBy(await listFailedSpans(ctx.clickhouse, { projectId, traceIds }), (span) => span.traceId)
  const toExample = (event: FailureEventRow | undefined): FailureExample | null => {
    if (event === undefined) return null
    const spanId = event.spanId || findFailedSpan(spans.get(event.traceId) ?? [], event)?.spanId
    return {
      runId: event.runId === '' ? null : RunId.parse(event.runId),
      traceId: TraceId.parse(event.traceId),
      spanId: spanId ? SpanId.parse(spanId) : null,
      failedAt: event.failedAt,
      agent: event.agent,
      version: event.version,
      step: event.step,
      errorMessage: event.errorMessage,
      durationMs: event.durationMs,
      cost: costOf(event),
    }
  }
  return { newest: toExample(newest), typical: toExample(typical), cheapest: toExample(cheapest) }
}
