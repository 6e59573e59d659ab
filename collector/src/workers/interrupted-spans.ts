import { findSpanIds } from '@cairn/clickhouse'
import { listExecutions, listSteps, type RunRow, type StepRow } from '@cairn/prisma'
import type { OpenSpan } from '@cairn/sdk/protocol'
import type { CollectorContext } from '../context.ts'
import type { Attributes, OtlpSpan, OtlpSpanGroup } from '../ingest/otlp/types.ts'
import { settleSpans, writeSpanGroups } from '../ingest/write-spans.ts'
import { toNanoseconds } from '../traces/to-nanoseconds.ts'

/**
 * Completes the traces of crashed runs: spans in flight end as interrupted when the death was seen, and steps that finished
 * without their span arriving (the process died before it sent them) are written from their checkpoints.
 */
export async function writeInterruptedSpans(
  ctx: CollectorContext,
  runs: readonly RunRow[],
  open: readonly OpenSpan[],
  diedAtMs: number,
): Promise<void> {
  if (runs.length === 0) return
  const [steps, executions] = await Promise.all([
    listSteps(
      ctx.pool,
      runs.map((run) => run.id),
    ),
    listExecutions(
      ctx.pool,
      runs.map((run) => run.id),
    ),
  ])
  await settleSpans(ctx)
  for (const run of runs) {
    const known = await findSpanIds(ctx.clickhouse, { projectId: run.projectId, traceId: run.traceId })
    const root = executions.find((execution) => execution.runId === run.id && execution.number === run.execution)
    const cut = open.filter((span) => span.runId === run.id && !known.has(span.spanId)).map((span) => fromOpenSpan(span, diedAtMs))
    const cutIds = new Set(cut.map((span) => span.spanId))
    const finished = steps
      .filter((step) => step.runId === run.id && step.execution === run.execution && step.status === 'succeeded')
      .filter((step) => step.spanId !== null && !known.has(step.spanId) && !cutIds.has(step.spanId))
      .map((step) => fromStep(run, step, root?.rootSpanId ?? ''))
    const spans = [...cut, ...finished]
    if (spans.length > 0) await writeSpanGroups(ctx, run.projectId, [toGroup(run, spans)])
  }
}

const toGroup = (run: RunRow, items: OtlpSpan[]): OtlpSpanGroup => ({
  resource: new Map([['service.name', run.agent]]),
  scope: { name: '@cairn/collector', version: '', attributes: new Map() },
  schemaUrl: '',
  items,
})

function fromOpenSpan(span: OpenSpan, diedAtMs: number): OtlpSpan {
  const startNs = toNanoseconds(span.startTime)
  const endNs = BigInt(diedAtMs) * 1_000_000n
  const attributes: Attributes = new Map(Object.entries(span.attributes))
  attributes.set('cairn.interrupted', true)
  return {
    ...bare(span.traceId, span.spanId, span.parentSpanId ?? '', span.name),
    startNs,
    endNs: endNs > startNs ? endNs : startNs,
    attributes,
    statusCode: 2,
    statusMessage: 'The process died before this ended.',
  }
}

function fromStep(run: RunRow, step: StepRow, rootSpanId: string): OtlpSpan {
  const attributes: Attributes = new Map<string, string | number | boolean>([
    ['cairn.run.id', run.id],
    ['cairn.execution', step.execution],
    ['cairn.step.key', step.key],
    ['cairn.kind', step.kind],
    ['cairn.agent', run.agent],
    ['cairn.from_checkpoint', true],
  ])
  if (step.output !== null) attributes.set('cairn.output', step.output)
  return {
    ...bare(run.traceId, step.spanId ?? '', rootSpanId, step.name),
    startNs: toNanoseconds(step.startedAt ?? step.endedAt ?? run.createdAt),
    endNs: toNanoseconds(step.endedAt ?? step.startedAt ?? run.createdAt),
    attributes,
    statusCode: 1,
    statusMessage: '',
  }
}

const bare = (traceId: string, spanId: string, parentSpanId: string, name: string) => ({
  traceId,
  spanId,
  parentSpanId,
  name,
  traceState: '',
  flags: 0,
  kind: 1,
  events: [],
  links: [],
  droppedAttributes: 0,
  droppedEvents: 0,
  droppedLinks: 0,
})
