import type { Context } from '@opentelemetry/api'
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace'
import { type CairnOptions, type Config, parseConfig, withoutUndefined } from '../config.ts'
import { journalFolder } from '../journal/journal-folder.ts'
import { ambient } from '../runtime/scope.ts'
import { HttpClient } from '../transport/http-client.ts'
import type { OpenSpans } from '../worker/open-spans.ts'
import { ATTR } from './attributes.ts'
import { SpanQueue, type SpanQueueLimits } from './span-queue.ts'

export interface CairnSpanProcessorOptions
  extends Partial<SpanQueueLimits>,
    Pick<CairnOptions, 'outage' | 'journalDir' | 'journalSpanBytes'> {
  /** The collector's address. Default: `CAIRN_URL`, else `http://127.0.0.1:4318`. */
  url?: string
  /** A project key. Default: `CAIRN_API_KEY`. */
  apiKey?: string
}

/**
 * Sends every span to Cairn, and marks those of a run with its id, execution and step.
 * For an app that has an OpenTelemetry set-up of its own; `new Cairn()` with the same address and key then uses that one.
 * @example
 * new NodeSDK({ spanProcessors: [new CairnSpanProcessor()] }).start()
 */
export class CairnSpanProcessor implements SpanProcessor {
  readonly #queue: SpanQueue
  readonly #http: HttpClient
  readonly #config: Config

  constructor(options: CairnSpanProcessorOptions = {}) {
    const { url, apiKey, outage, journalDir, journalSpanBytes, ...limits } = options
    this.#config = parseConfig(withoutUndefined({ url, apiKey, outage, journalDir, journalSpanBytes }), process.env)
    this.#http = new HttpClient(this.#config)
    const spool = { folder: journalFolder(this.#config), maxBytes: this.#config.journalSpanBytes }
    const journal = this.#config.outage === 'stop' ? null : spool
    this.#queue = new SpanQueue(this.#http, limits, journal)
    live.add(this)
  }

  /** Spans given up because the collector refused them or was away for too long. */
  get droppedSpans(): number {
    return this.#queue.dropped
  }

  sendsTo(config: Pick<Config, 'url' | 'apiKey'>): boolean {
    return this.#config.url === config.url && this.#config.apiKey === config.apiKey
  }

  onStart(span: Span, _parent: Context): void {
    const here = ambient.getStore()
    if (here === undefined) return
    span.setAttribute(ATTR.runId, here.runId)
    span.setAttribute(ATTR.execution, here.execution)
    span.setAttribute(ATTR.agent, here.agent)
    span.setAttribute(ATTR.agentVersion, here.version)
    if (here.stepKey !== null) span.setAttribute(ATTR.stepKey, here.stepKey)
    if (here.sessionId !== null) span.setAttribute(ATTR.sessionId, here.sessionId)
    if (here.userId !== null) span.setAttribute(ATTR.userId, here.userId)
    here.spans.opened(span, here)
    owners.set(span, here.spans)
  }

  onEnd(span: ReadableSpan): void {
    owners.get(span)?.closed(span.spanContext().spanId)
    this.#queue.add(span)
  }

  /** Waits until the collector has every span that has ended, at most 10 s. */
  async forceFlush(): Promise<void> {
    await this.#queue.flush(10_000)
  }

  async shutdown(): Promise<void> {
    live.delete(this)
    await this.#queue.close(5_000)
  }
}

/** What a processor needs of the SDK's configuration. */
export const processorOptions = ({ url, apiKey, outage, journalDir, journalSpanBytes }: Config) =>
  withoutUndefined({ url, apiKey, outage, journalDir, journalSpanBytes })

/** A span may end outside the run's own context. */
const owners = new WeakMap<ReadableSpan, OpenSpans>()

const live = new Set<CairnSpanProcessor>()

/** The app's own processor for this collector and key, if it has one. */
export function findSpanProcessor(config: Pick<Config, 'url' | 'apiKey'>): CairnSpanProcessor | undefined {
  return [...live].find((processor) => processor.sendsTo(config))
}
