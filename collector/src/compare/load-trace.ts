import type { ComparedSide, TraceId } from '@cairn/sdk/protocol'
import type { CollectorContext } from '../context.ts'
import { notFound } from '../errors.ts'
import type { LoadedSide } from './compare.ts'
import { round } from './judge.ts'
import { MOST_ITEMS, sumOf } from './load-run.ts'
import { toForest } from './span-forest.ts'
import { toSpanNodes } from './span-nodes.ts'
import { spansOfTrace } from './spans-of-trace.ts'

/** One side of a comparison: a trace, of whoever sent it. */
export async function loadTrace(
  ctx: CollectorContext,
  { projectId, traceId }: { projectId: string; traceId: TraceId },
): Promise<LoadedSide> {
  const spans = await spansOfTrace(ctx, { projectId, traceId, most: MOST_ITEMS })
  const [first] = spans
  if (first === undefined) throw notFound(`trace ${traceId}`)
  const forest = toForest(spans)
  const root = forest.roots[0] ?? first
  let end = first.start
  for (const { start, duration } of spans) if (start + duration > end) end = start + duration
  const failed = root.status === 'error' ? root : undefined
  const side: ComparedSide = {
    runId: null,
    traceId,
    execution: null,
    executions: 0,
    name: root.name,
    version: null,
    status: root.interrupted ? 'interrupted' : root.status === 'unset' ? 'ok' : root.status,
    error: failed === undefined ? null : { type: failed.errorType, message: failed.errorMessage },
    startedAt: new Date(Number(first.start / 1_000_000n)).toISOString(),
    durationMs: round(Number(end - first.start) / 1e6),
    ...sumOf(spans),
    items: spans.length,
  }
  return { side, nodes: toSpanNodes(forest) }
}
