import type { Attributes } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { ATTR } from '../otel/attributes.ts'
import type { RunId, SpanId, TraceId } from '../protocol/ids.ts'
import { LIMITS } from '../protocol/limits.ts'
import type { OpenSpan, WorkerMessage } from '../protocol/worker.ts'

/** Only spans open for longer are announced: most end sooner, and their whole row is on its way then. */
const ANNOUNCE_AFTER_MS = 20
const MAX_ATTRIBUTE_CHARS = 16_384
const MAX_SPANS_PER_MESSAGE = LIMITS.checkpointsPerRequest

interface Entry {
  span: ReadableSpan
  runId: string
  execution: number
  openedAt: number
  announced: boolean
  /** Ended already; kept only to be announced once, as the root of its execution. */
  ended: boolean
}

/**
 * Tells the collector which spans are open, so that it can write them as interrupted if this process dies.
 * The root span of each execution is always told: the next execution links to it.
 */
export class OpenSpans {
  readonly #send: (message: WorkerMessage) => boolean
  readonly #entries = new Map<string, Entry>()
  #closed: SpanId[] = []
  #timer: NodeJS.Timeout | null = null

  /** @param send gives false if it can't send now */
  constructor(send: (message: WorkerMessage) => boolean) {
    this.#send = send
  }

  opened(span: ReadableSpan, run: { runId: string; execution: number }): void {
    const { spanId } = span.spanContext()
    this.#entries.set(spanId, {
      span,
      runId: run.runId,
      execution: run.execution,
      openedAt: performance.now(),
      announced: false,
      ended: false,
    })
    this.#schedule()
  }

  closed(spanId: string): void {
    const entry = this.#entries.get(spanId)
    if (entry === undefined) return
    entry.ended = true
    if (!entry.announced && !isRoot(entry)) this.#entries.delete(spanId)
    else this.#schedule()
  }

  /** The execution is over here: spans that its code never ended are not in flight. */
  forgetRun(runId: string, execution: number): void {
    for (const [spanId, entry] of this.#entries) if (entry.runId === runId && entry.execution === execution) this.closed(spanId)
  }

  /** After a reconnect the collector knows nothing of this worker: tell it all again. */
  announceAgain(): void {
    for (const entry of this.#entries.values()) entry.announced = false
    this.#closed = []
    this.#announce()
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.#announce(), ANNOUNCE_AFTER_MS).unref()
  }

  #announce(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    const now = performance.now()
    const opened: Entry[] = []
    for (const [spanId, entry] of this.#entries) {
      const due = isRoot(entry) || now - entry.openedAt >= ANNOUNCE_AFTER_MS - 1
      if (!entry.announced && due) opened.push(entry)
      if (entry.ended && (entry.announced || due)) this.#forget(spanId)
    }
    this.#sendAll(opened)
    if ([...this.#entries.values()].some((entry) => !entry.announced)) this.#schedule()
  }

  #forget(spanId: string): void {
    this.#entries.delete(spanId)
    this.#closed.push(spanId as SpanId)
  }

  #sendAll(opened: Entry[]): void {
    const closed = this.#closed
    for (let i = 0; i < Math.max(opened.length, closed.length); i += MAX_SPANS_PER_MESSAGE) {
      const part = opened.slice(i, i + MAX_SPANS_PER_MESSAGE)
      const sent = this.#send({
        type: 'spans',
        opened: part.map(toOpenSpan),
        closed: closed.slice(i, i + MAX_SPANS_PER_MESSAGE),
      })
      // Not connected: `announceAgain` comes with the next connection.
      if (!sent) break
      for (const entry of part) entry.announced = true
    }
    this.#closed = []
  }
}

const isRoot = (entry: Entry): boolean => entry.span.attributes[ATTR.root] === true

function toOpenSpan({ span, runId, execution }: Entry): OpenSpan {
  const { traceId, spanId } = span.spanContext()
  const parent = span.parentSpanContext
  const root = span.attributes[ATTR.root] === true
  return {
    runId: runId as RunId,
    execution,
    traceId: traceId as TraceId,
    spanId: spanId as SpanId,
    parentSpanId: (parent?.spanId as SpanId | undefined) ?? null,
    name: span.name.slice(0, 1_000),
    startTime: toTimestamp(span.startTime),
    root,
    attributes: toPlainAttributes(span.attributes),
  }
}

function toPlainAttributes(attributes: Attributes): OpenSpan['attributes'] {
  const out: OpenSpan['attributes'] = {}
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'string') out[key] = value.slice(0, MAX_ATTRIBUTE_CHARS)
    else if (typeof value === 'number' || typeof value === 'boolean') out[key] = value
  }
  return out
}

/** OpenTelemetry's [seconds, nanoseconds] as RFC 3339 with all its digits. */
function toTimestamp([seconds, nanos]: readonly [number, number]): string {
  const whole = new Date(seconds * 1_000).toISOString().slice(0, 19)
  return `${whole}.${String(nanos).padStart(9, '0')}Z`
}
