import type { Run, TraceOutline } from '@cairn/sdk/protocol'
import type { Output } from '../terminal.ts'
import { escapeLine } from '../text/escape.ts'
import { durationMs, formatCost, formatMs, formatTime, formatUsage, formatUsd, plural } from '../text/format.ts'
import { statusStyle } from '../text/style.ts'
import { cut } from '../text/width.ts'
import type { Row } from '../waterfall/build-rows.ts'
import { judgeErrors } from '../waterfall/judge-errors.ts'

const MOST_ERRORS = 10

/** What a run is, in a few lines that fit the terminal. */
export function drawRunHeader(run: Run, out: Output): string[] {
  const { columns, style, now } = out
  const shorten = (text: string) => cut(text, columns)
  const steps = `${run.steps.done}${run.steps.total === undefined ? '' : ` of ${run.steps.total}`} steps`
  const lines = [
    `${style('bold', cut(escapeLine(run.agent), columns - 24))}${run.version === null ? '' : ` v${cut(escapeLine(run.version), 20)}`}  ${style(statusStyle(run.status), run.status)}`,
    style('dim', shorten(run.id)),
    shorten(
      [
        steps,
        formatMs(durationMs(run.startedAt, run.endedAt, now)),
        formatUsage(run.usage),
        formatCost(run.cost),
        ...(Number(run.lost) > 0 || run.lostUnpriced ? [`lost ${formatUsd(run.lostUnpriced ? null : run.lost)}`] : []),
        ...(Number(run.saved) > 0 ? [`saved ${formatUsd(run.saved)} by resume`] : []),
      ].join('  ·  '),
    ),
  ]
  const of = [
    run.sessionId !== null && `session ${run.sessionId}`,
    run.userId !== null && `user ${run.userId}`,
    run.tags.length > 0 && `tags ${run.tags.join(', ')}`,
    run.parentRunId !== null && `called by ${run.parentRunId} (${run.parentStepKey ?? '?'})`,
    run.forkedFrom !== null && `fork of ${run.forkedFrom.runId} at ${run.forkedFrom.step}`,
  ].filter((text) => text !== false)
  if (of.length > 0) lines.push(shorten(escapeLine(of.join('  ·  '))))
  lines.push(style('dim', shorten(`started ${formatTime(run.startedAt, now)}, ended ${formatTime(run.endedAt, now)}`)))
  if (run.error !== null) {
    const at = run.failedStep === null ? '' : `in ${run.failedStep}: `
    lines.push(style('red', shorten(`✗ ${escapeLine(`${at}${run.error.type}: ${run.error.message}`.slice(0, 2_000))}`)))
  } else if (run.statusReason !== null) lines.push(shorten(escapeLine(run.statusReason.slice(0, 2_000))))
  if (run.executions.length > 1)
    for (const execution of run.executions) {
      const who = execution.actor === null ? '' : `, by ${execution.actor}${execution.reason ? `: ${execution.reason}` : ''}`
      const replayed = execution.replayedSteps > 0 ? `, ${plural(execution.replayedSteps, 'step')} from checkpoints` : ''
      const text = `execution ${execution.number}: ${execution.outcome ?? 'goes on'} after ${formatMs(durationMs(execution.startedAt, execution.endedAt, now))}${replayed}${who}`
      lines.push(style('dim', shorten(escapeLine(text))))
    }
  return lines
}

/** What a trace that belongs to no run is. */
export function drawTraceHeader(trace: TraceOutline, { columns, style, now }: Output): string[] {
  const spans = [...trace.spans].sort((a, b) => (a.startTime < b.startTime ? -1 : 1))
  const root = spans.find((span) => span.parentSpanId === null) ?? spans[0]
  const ids = new Set(spans.map((span) => span.spanId))
  const tops = spans.filter((span) => span.parentSpanId === null || !ids.has(span.parentSpanId))
  const status = tops.some((span) => span.status === 'error') ? 'failed' : trace.open.length > 0 ? 'running' : 'ended'
  const lastEnd =
    spans
      .map((span) => span.endTime)
      .sort()
      .at(-1) ?? null
  const of = [
    root?.service && `service ${root.service}`,
    root?.sessionId && `session ${root.sessionId}`,
    root?.userId && `user ${root.userId}`,
  ].filter((text) => text)
  const facts = [
    plural(spans.length + trace.open.length, 'span'),
    formatMs(root === undefined ? null : durationMs(root.startTime, lastEnd, now)),
    formatUsage(trace.usage),
    formatCost(trace.cost),
  ]
  return [
    `${style('bold', cut(escapeLine(root?.name ?? trace.open[0]?.name ?? 'a trace'), columns - 10))}  ${style(statusStyle(status), status)}`,
    style('dim', cut(`trace ${trace.traceId}, of no run`, columns)),
    cut(facts.join('  ·  '), columns),
    ...(of.length > 0 ? [cut(escapeLine(of.join('  ·  ')), columns)] : []),
    style('dim', cut(`started ${formatTime(root?.startTime ?? null, now)}`, columns)),
  ]
}

/** The spans that failed, those first that failed the run: what went wrong where. */
export function drawErrors(rows: readonly Row[], { columns, style }: Output, failedStep: string | null = null): string[] {
  const bad = judgeErrors(rows, failedStep).filter(
    ({ row }) => row.span !== undefined && row.outcome === 'error' && row.span.errorMessage + row.span.errorType !== '',
  )
  const lines = bad.slice(0, MOST_ERRORS).map(({ row: { span, label }, recovered }) => {
    const what = [span?.errorType, span?.errorMessage.slice(0, 2_000)].filter((part) => part !== '').join(': ')
    const text = cut(escapeLine(`✗ ${recovered ? 'recovered, ' : ''}${label}: ${what}`), columns - 20)
    return `${style(recovered ? 'dim' : 'red', text)}  ${style('dim', span?.spanId ?? '')}`
  })
  if (bad.length > MOST_ERRORS) lines.push(style('dim', `… and ${plural(bad.length - MOST_ERRORS, 'more failed span')}`))
  return lines.length === 0 ? [] : ['', ...lines]
}
