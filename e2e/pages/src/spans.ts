import { randomBytes } from 'node:crypto'
import { callApi } from '../../src/api.ts'
import type { System } from '../../src/system.ts'
import { waitFor } from '../../src/wait-for.ts'

type Value = string | number | boolean

export interface SentSpan {
  readonly name: string
  /** Made up where it is missing, as 16 hex digits. */
  readonly spanId?: string
  readonly parentSpanId?: string
  /** Milliseconds after the trace began. */
  readonly startMs: number
  readonly endMs: number
  readonly attributes?: Readonly<Record<string, Value>>
  /** Its status is an error, with an exception event. */
  readonly error?: { readonly type: string; readonly message: string; readonly stack?: string }
  /** Written in it by `run.log`. */
  readonly logs?: readonly { readonly atMs: number; readonly level: string; readonly message: string }[]
}

interface TraceOptions {
  /** When the trace began; default: so that its last span ended just now. */
  readonly startedAt?: Date
  readonly resource?: Readonly<Record<string, Value>>
}

export const newTraceId = () => randomBytes(16).toString('hex')
export const newSpanId = () => randomBytes(8).toString('hex')

/** Sends a trace as a plain OpenTelemetry program does, and waits until the collector shows all of it. Gives its trace id. */
export async function sendTrace(
  system: Pick<System, 'url' | 'key'>,
  spans: readonly SentSpan[],
  { startedAt, resource = { 'service.name': 'page-test' } }: TraceOptions = {},
): Promise<string> {
  const traceId = newTraceId()
  const began = startedAt ?? new Date(Date.now() - spans.reduce((last, { endMs }) => Math.max(last, endMs), 0))
  await sendSpans(system, traceId, spans, { startedAt: began, resource })
  await waitFor('the trace', async () => {
    const trace = await callApi<{ spans: unknown[] }>(system, 'GET', `/api/v1/traces/${traceId}`)
    return trace.spans.length === spans.length
  })
  return traceId
}

/** Sends spans to a trace, which may have some already. They are shown some time later. */
export async function sendSpans(
  system: Pick<System, 'url' | 'key'>,
  traceId: string,
  spans: readonly SentSpan[],
  { startedAt, resource }: Required<TraceOptions>,
): Promise<void> {
  const began = startedAt.getTime()
  const nanos = (ms: number) => String(BigInt(Math.round((began + ms) * 1_000)) * 1_000n)
  const toOtlp = (span: SentSpan) => ({
    traceId,
    spanId: span.spanId ?? newSpanId(),
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: 1,
    startTimeUnixNano: nanos(span.startMs),
    endTimeUnixNano: nanos(span.endMs),
    attributes: toAttributes(span.attributes ?? {}),
    ...(span.logs === undefined
      ? {}
      : { events: span.logs.map(({ atMs, ...log }) => ({ timeUnixNano: nanos(atMs), ...toLogEvent(log) })) }),
    ...(span.error === undefined ? {} : toFailure(span.error, nanos(span.endMs))),
  })
  await callApi(system, 'POST', '/v1/traces', {
    resourceSpans: [
      { resource: { attributes: toAttributes(resource) }, scopeSpans: [{ scope: { name: 'page-test' }, spans: spans.map(toOtlp) }] },
    ],
  })
}

const toLogEvent = ({ level, message }: { level: string; message: string }) => ({
  ...{ name: 'cairn.log', attributes: toAttributes({ 'log.level': level, 'log.message': message, tries: 2 }) },
})

function toFailure({ type, message, stack }: { type: string; message: string; stack?: string }, timeUnixNano: string) {
  const exception = { 'exception.type': type, 'exception.message': message, 'exception.stacktrace': stack ?? `${type}: ${message}` }
  return { status: { code: 2, message }, events: [{ name: 'exception', timeUnixNano, attributes: toAttributes(exception) }] }
}

const toAttributes = (values: Readonly<Record<string, Value>>) =>
  Object.entries(values).map(([key, value]) => ({ key, value: toValue(value) }))

function toValue(value: Value) {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}
