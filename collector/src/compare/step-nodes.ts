import type { StepOutline } from '@cairn/prisma'
import type { ComparedItem, RunId, SpanId, TraceId } from '@cairn/sdk/protocol'
import { round } from './judge.ts'
import type { CompareNode } from './node.ts'
import { toItem } from './span-nodes.ts'
import type { ComparedSpan } from './spans-of-trace.ts'
import type { StepSpans } from './step-spans.ts'
import { toUsd } from './usd.ts'

export interface StepSource {
  readonly runId: string
  /** What need not be said of each step. */
  readonly side: { readonly runId: string; readonly traceId: string }
  /** Of the run that ran a step: a fork's earlier steps are in the trace of its origin. */
  readonly traceOf: (runId: string, step: string) => string | undefined
  /** Null: the run as it stands. */
  readonly execution: number | null
  readonly stepsOf: ReadonlyMap<string, readonly StepOutline[]>
  readonly spans: StepSpans
  /** Milliseconds since the epoch. */
  readonly beganMs: number
  /** Whether the other side may have the same checkpoints. */
  readonly related: boolean
}

/** The steps of a run, with the steps of the runs that they called under them. */
export const toStepNodes = (source: StepSource): CompareNode[] =>
  nodesOf(source, { prefix: '', shown: new Set([source.runId]), isReplayed: false })

interface Where {
  readonly prefix: string
  /** Runs that have their place: each is called once. */
  readonly shown: Set<string>
  /** The step that called this run came from a checkpoint, and all of the run with it. */
  readonly isReplayed: boolean
}

function nodesOf(source: StepSource, where: Where): CompareNode[] {
  const { runId, execution, stepsOf, spans } = source
  const rows = stepsOf.get(runId) ?? []
  const ran = spans.stepsOf(runId, execution ?? spans.lastExecution(runId))
  const nodes: CompareNode[] = []
  const shown = new Set<string>()
  for (const row of rows) {
    const span = ran.get(row.key)
    const isOwn = execution === null || row.execution === execution
    const isReplay = !isOwn && row.execution < execution && row.status === 'succeeded' && span === undefined
    if (!isOwn && !isReplay && span === undefined) continue
    shown.add(row.key)
    nodes.push(isOwn || isReplay || span === undefined ? toNode(source, where, row) : spanNode(source, where, span))
  }
  // A step that its process died in, or that was to run again, has no checkpoint: its span tells what it was.
  for (const [key, span] of ran) if (!shown.has(key)) nodes.push(spanNode(source, where, span))
  return nodes
}

function toNode(source: StepSource, where: Where, row: StepOutline): CompareNode {
  const { spans, execution, runId, beganMs } = source
  const isReplayed = where.isReplayed || row.execution === 0 || (execution !== null && row.execution < execution)
  const { top, inner } = spans.get(runId, row.execution, row.key)
  const spent = execution === null ? sumOf(source, row) : spans.get(runId, row.execution, row.key)
  const error = row.error === null ? undefined : (JSON.parse(row.error) as { type: string; message: string })
  const model = top?.model || inner?.model || ''
  const durationMs = top === undefined ? between(row.startedAt, row.endedAt) : round(Number(top.duration) / 1e6)
  const item: ComparedItem = {
    status: row.status,
    ...(row.givenByHand ? { givenByHand: true } : {}),
    ...(isReplayed ? { replayed: true } : row.givenByHand ? {} : placed(row.startedAt, durationMs, beganMs)),
    ...(isReplayed ? {} : spending(spent)),
    ...(model === '' ? {} : { model }),
    ...(row.attempt > 1 ? { attempts: row.attempt } : {}),
    ...(error === undefined ? {} : { error: { type: error.type, message: error.message.slice(0, 300) } }),
    // The span that a step given by hand may have is of an attempt that gave nothing.
    ...(row.spanId === null || row.givenByHand ? {} : { spanId: row.spanId as SpanId }),
    ...whereabouts(source, row.key),
    step: row.key,
  }
  return {
    ...named(where, row.key, row.kind),
    item,
    cost: isReplayed ? 0n : spent.cost,
    prints: {
      input: top?.input ?? inner?.input ?? null,
      given: row.inputFingerprint,
      output: top?.output ?? inner?.output ?? null,
      stored: row.outputHash,
      parameters: top?.parameters ?? inner?.parameters ?? null,
    },
    checkpoint: source.related && row.status === 'succeeded' ? identityOf(row) : null,
    children: childrenOf(source, { ...where, isReplayed }, row),
  }
}

/** What a step was in an execution whose outcome of it a later one has replaced. */
function spanNode(source: StepSource, where: Where, span: ComparedSpan): CompareNode {
  const spent = source.spans.get(source.runId, span.execution, span.step)
  const shown = toItem(span)
  return {
    ...named(where, span.step, span.kind),
    item: {
      ...shown,
      ...spending(spent),
      status: span.interrupted ? 'interrupted' : span.status === 'error' ? 'failed' : 'succeeded',
      startMs: Math.max(0, round(Number(span.start) / 1e6 - source.beganMs)),
      ...whereabouts(source, span.step),
    },
    cost: spent.cost,
    prints: { input: span.input, given: null, output: span.output, stored: null, parameters: span.parameters },
    checkpoint: null,
    children: [],
  }
}

/** A step that was tried in several executions cost what it did in all of them. */
function sumOf({ spans, runId }: StepSource, row: StepOutline): { tokens: number; cost: bigint | null } {
  let [tokens, cost]: [number, bigint | null] = [0, 0n]
  for (let execution = 1; execution <= row.execution; execution++) {
    const spent = spans.get(runId, execution, row.key)
    tokens += spent.tokens
    cost = cost === null || spent.cost === null ? null : cost + spent.cost
  }
  return { tokens, cost }
}

function childrenOf(source: StepSource, { prefix, shown, isReplayed }: Where, row: StepOutline): CompareNode[] {
  if (row.childRunId === null || shown.has(row.childRunId)) return []
  shown.add(row.childRunId)
  return nodesOf({ ...source, runId: row.childRunId, execution: null }, { prefix: `${prefix}${row.key} › `, shown, isReplayed })
}

/** Its run and trace, where they are not those of its side. */
function whereabouts({ runId, side, traceOf }: StepSource, step: string): Pick<ComparedItem, 'runId' | 'traceId'> {
  const traceId = traceOf(runId, step)
  return {
    ...(runId === side.runId ? {} : { runId: runId as RunId }),
    ...(traceId === undefined || traceId === side.traceId ? {} : { traceId: traceId as TraceId }),
  }
}

/** A step is known by its key; one of a sub-agent also by the step that called it. */
const named = ({ prefix }: Where, key: string, kind: string) => ({ key, name: `${prefix}${key}`, kind, id: `${prefix}${key}` })

const identityOf = (row: StepOutline): string => `${row.key} ${row.spanId} ${row.startedAt} ${row.endedAt} ${row.outputHash}`

const between = (from: string | null, to: string | null): number | undefined =>
  from === null || to === null ? undefined : round(Math.max(0, Date.parse(to) - Date.parse(from)))

function placed(startedAt: string | null, durationMs: number | undefined, beganMs: number): Pick<ComparedItem, 'startMs' | 'durationMs'> {
  return {
    ...(startedAt === null ? {} : { startMs: Math.max(0, Date.parse(startedAt) - beganMs) }),
    ...(durationMs === undefined ? {} : { durationMs }),
  }
}

const spending = ({ tokens, cost }: { tokens: number; cost: bigint | null }): Pick<ComparedItem, 'tokens' | 'costUsd'> => ({
  ...(tokens > 0 ? { tokens } : {}),
  ...(cost === 0n ? {} : { costUsd: cost === null ? null : toUsd(cost) }),
})
