import type { FailedSpanRow } from '@cairn/clickhouse'

export interface FailedExecution {
  /** Empty: its trace belongs to no run. */
  readonly runId: string
  readonly execution: number
  readonly step: string
}

/**
 * The span to look at first: of the execution's spans that failed the deepest, below the step that failed where that is known; of
 * several the one that ended last. Undefined: it has none.
 */
export function findFailedSpan(spans: readonly FailedSpanRow[], { runId, execution, step }: FailedExecution): FailedSpanRow | undefined {
  const own = spans.filter((span) => span.runId === runId && span.execution === execution)
  const ofRun = own.length > 0 ? own : spans.filter((span) => span.runId === runId)
  const ofStep = ofRun.filter((span) => step !== '' && span.stepKey === step)
  const children = Map.groupBy(spans, (span) => span.parentSpanId)
  let at = latest(ofStep.length > 0 ? ofStep.filter((span) => !ofStep.some(({ spanId }) => spanId === span.parentSpanId)) : topsOf(ofRun))
  for (let depth = 0; at !== undefined && depth < spans.length; depth++) {
    const below = latest(children.get(at.spanId) ?? [])
    if (below === undefined) break
    at = below
  }
  return at
}

const topsOf = (spans: readonly FailedSpanRow[]) => {
  const ids = new Set(spans.map((span) => span.spanId))
  return spans.filter((span) => !ids.has(span.parentSpanId))
}

const latest = (spans: readonly FailedSpanRow[]): FailedSpanRow | undefined =>
  spans.reduce<FailedSpanRow | undefined>(
    (best, span) => (best === undefined || BigInt(span.endNs) > BigInt(best.endNs) ? span : best),
    undefined,
  )
