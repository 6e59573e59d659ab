import { Run, Span } from '@cairn/sdk/protocol'
import type { ApiClient } from '../api/client.ts'
import { CliError } from '../errors.ts'
import { traceIdOf } from '../options.ts'
import type { Output } from '../terminal.ts'
import { escapeBlock, escapeLine } from '../text/escape.ts'
import { formatCost, formatMs, formatTime, formatUsage } from '../text/format.ts'
import { toReadable } from '../text/readable.ts'
import { readOutline } from './runs-show.ts'

const USUAL = { textChars: 2_000, chars: 8_000 }
const WHOLE = { textChars: Infinity, chars: Infinity }
const SPAN_ID = /^[0-9a-f]{16}$/i

/** A run, or a trace of no run, in which spans are looked for. */
export interface SpanPlace {
  readonly traceId: string
  /** Undefined: the trace belongs to no run, or which is not asked. */
  readonly runId?: string | undefined
}

/** Where the spans of a run, or of a trace by its own id, are. */
export async function placeOf(api: ApiClient, runOrTrace: string): Promise<SpanPlace> {
  const traceId = traceIdOf(runOrTrace)
  if (traceId !== undefined) return { traceId }
  const { value: run } = await api.get(`/api/v1/runs/${runOrTrace}`, Run)
  return { traceId: run.traceId, runId: run.id }
}

/** A span's input and output, by its id or by the key of a step: then the last execution's. */
export async function showSpan(api: ApiClient, out: Output, wanted: { place: string; span: string; full: boolean }): Promise<void> {
  const place = await placeOf(api, wanted.place)
  const spanId = SPAN_ID.test(wanted.span) ? wanted.span.toLowerCase() : await findStepSpan(api, place, wanted.span)
  const { value: span, raw } = await api.get(`/api/v1/traces/${place.traceId}/spans/${spanId}`, Span)
  if (out.json) return out.document(raw)
  const { style } = out
  out.line(
    `${style('bold', escapeLine(span.stepKey || span.name))}  ${span.kind}${span.model === '' ? '' : `  ${escapeLine(span.model)}`}`,
    style('dim', `${span.spanId}  ${formatTime(span.startTime, out.now)}  ${formatMs(Number(span.durationNs) / 1e6)}`),
  )
  if (span.billable) out.line(`${formatUsage(span.usage)}  ·  ${formatCost(span.cost)}`)
  if (span.interrupted) out.line(style('magenta', 'Its process died before it ended.'))
  if (span.errorType !== '' || span.errorMessage !== '')
    out.line(
      '',
      style('red', escapeBlock(toReadable(span.errorStack || `${span.errorType}: ${span.errorMessage}`, wanted.full ? WHOLE : USUAL))),
    )
  section(out, 'input', span.input, wanted.full)
  section(out, 'output', span.output, wanted.full)
}

/** The last span that stands for a step of this run, or has that name. */
export async function findStepSpan(api: ApiClient, { traceId, runId }: SpanPlace, key: string): Promise<string> {
  const trace = await readOutline(api, traceId)
  const spans = (trace?.value.spans ?? []).filter((span) => span.stepKey === key || span.name === key)
  const own = runId === undefined ? spans : spans.filter((span) => span.runId === runId)
  const ids = new Set(own.map((span) => span.spanId))
  const tops = own.filter((span) => span.parentSpanId === null || !ids.has(span.parentSpanId))
  const last = (tops.length > 0 ? tops : spans).sort((a, b) => a.execution - b.execution || (a.startTime < b.startTime ? -1 : 1)).at(-1)
  if (last === undefined)
    throw new CliError(
      'not_found',
      `${runId === undefined ? `Trace ${traceId}` : `Run ${runId}`} has no span and no step ${JSON.stringify(key.slice(0, 100))}.`,
      {
        remedy:
          runId === undefined
            ? `\`cairn runs show ${traceId} --all\` shows its spans.`
            : `\`cairn runs show ${runId} --steps\` lists the steps.`,
      },
    )
  return last.spanId
}

function section(out: Output, title: string, value: unknown, full: boolean): void {
  out.line('', out.style('dim', `── ${title} ──`))
  out.line(value === null || value === undefined ? out.style('dim', 'none') : escapeBlock(toReadable(value, full ? WHOLE : USUAL)))
}
