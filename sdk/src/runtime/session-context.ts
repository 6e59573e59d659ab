import { createHash } from 'node:crypto'
import { context, trace } from '@opentelemetry/api'
import { z } from 'zod'
import { CairnError } from '../errors.ts'
import { ATTR } from '../otel/attributes.ts'
import { type ContextLimits, findCut, toContextLimits, toCounter } from './context-window.ts'
import type { ExecutionEnv } from './execution-env.ts'
import type { ContextOptions, SessionContext, SessionMessage } from './run.ts'
import { ambient } from './scope.ts'
import { fetchTail, storeCompaction, type Tail } from './sessions.ts'
import { markFailed } from './step-attempts.ts'
import type { StepEngine } from './step-engine.ts'

const PREFIX = 'session.context/'
const LABEL_CHARS = 150

/** The checkpoint of a summary. */
const Compacted = z.object({
  /** Which call of `context()` made it: the same call of a later execution takes it back. */
  call: z.number(),
  throughPosition: z.number(),
  summary: z.string(),
  tokensBefore: z.number(),
  tokensAfter: z.number(),
})
type Compacted = z.infer<typeof Compacted>

interface Call {
  readonly number: number
  readonly options: ContextOptions
  readonly limits: ContextLimits
  readonly count: (message: SessionMessage) => number
}

interface View extends SessionContext {
  readonly tail: Tail
  readonly tailTokens: readonly number[]
}

/** Gives a session's context to one execution of a run, and shortens it where it is too long. */
export class ContextLoader {
  readonly #env: ExecutionEnv
  readonly #engine: StepEngine
  readonly #sessionId: string
  /** Of the keys of its steps; a name of at most 200 characters. */
  readonly #prefix: string
  readonly #tries = new Map<string, number>()
  #calls = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(env: ExecutionEnv, engine: StepEngine, sessionId: string) {
    this.#env = env
    this.#engine = engine
    this.#sessionId = sessionId
    const label = sessionId.length <= LABEL_CHARS ? sessionId : createHash('sha256').update(sessionId).digest('hex')
    this.#prefix = `${PREFIX}${label}@`
  }

  async load(options: ContextOptions): Promise<SessionContext> {
    // No await before this: calls are counted as they are made.
    const number = ++this.#calls
    const call = { number, options, limits: toContextLimits(options), count: toCounter(options) }
    if (ambient.getStore()?.stepKey?.includes(PREFIX))
      throw new CairnError('invalid_step', 'session.context can’t be called by its own summarise: it would wait for itself.')
    // One after the other: two at once would pay for the same summary twice.
    const turn = this.#last.then(() => this.#load(call))
    this.#last = turn.catch(() => {})
    return turn
  }

  async #load(call: Call): Promise<SessionContext> {
    const { stop, replay, runtime } = this.#env
    stop.check()
    const stored = this.#engine
      .giveBackUncalled(this.#prefix, (output) => Compacted.safeParse(output).data?.call === call.number)
      .map((output) => Compacted.parse(output))
    // What follows was done before: this context isn't sent again, so nothing is saved once more.
    if (replay.isUnderway) return this.#fit(call, stored)
    const { model } = call.options
    const span = runtime.telemetry.tracer.startSpan('session.context', {
      attributes: { [ATTR.kind]: 'other', ...(model === undefined ? {} : { [ATTR.requestModel]: model }) },
    })
    try {
      const found = await context.with(trace.setSpan(context.active(), span), () => this.#fit(call, stored))
      span.setAttribute(ATTR.contextTokens, found.tokens)
      if (found.savedTokens > 0) span.setAttribute(ATTR.compactionSavedTokens, found.savedTokens)
      return found
    } catch (error) {
      markFailed(span, error)
      throw error
    } finally {
      span.end()
    }
  }

  async #fit(call: Call, stored: Compacted[]): Promise<SessionContext> {
    for (;;) {
      let tail = await this.#fetch()
      // A checkpoint outlives a session that was put back to an older state.
      const reached = tail.compaction?.throughPosition ?? -1
      const lost = stored.find((one) => one.throughPosition > reached && one.throughPosition <= reached + tail.messages.length)
      if (lost !== undefined) tail = await this.#store(lost)
      const view = toView(tail, call)
      const cut = view.tokens > call.limits.maxTokens ? findCut(tail.messages, view.tailTokens, call.limits.keepTokens) : 0
      if (cut === 0) {
        const { messages, summary, version, tokens, savedTokens } = view
        return { messages, summary, version, tokens, savedTokens }
      }
      // Whoever reaches farther counts: read again what is there now.
      stored = [await this.#compact(call, view, cut)]
    }
  }

  #compact(call: Call, { tail, tailTokens, summary: previous }: View, cut: number): Promise<Compacted> {
    const before = tail.compaction
    const throughPosition = (before?.throughPosition ?? -1) + cut
    const head = tail.messages.slice(0, cut)
    const tokensBefore = (before?.tokensBefore ?? 0) + sum(tailTokens.slice(0, cut))
    return this.#engine.run({
      name: 'session.compact',
      kind: 'step',
      options: { key: this.#keyOf(throughPosition) },
      attributes: { [ATTR.kind]: 'step' },
      body: async ({ signal }) => {
        const summary: unknown = await call.options.summarise(head, { previous, signal })
        if (typeof summary !== 'string' || summary === '')
          throw new CairnError('invalid_step', 'session.context: summarise must return text that is not empty.')
        const compacted = {
          call: call.number,
          throughPosition,
          summary,
          tokensBefore: Math.round(tokensBefore),
          tokensAfter: Math.round(call.count(asMessage(summary))),
        }
        // Before the checkpoint: a crash in between finds the summary at the session, and makes no other.
        await this.#store(compacted)
        return compacted
      },
    })
  }

  /** A call that failed and is made again has a key of its own. */
  #keyOf(throughPosition: number): string {
    const key = `${this.#prefix}${throughPosition}`
    const tries = (this.#tries.get(key) ?? 0) + 1
    this.#tries.set(key, tries)
    return tries === 1 ? key : `${key}~${tries}`
  }

  #fetch(): Promise<Tail> {
    return fetchTail(this.#env.runtime.http, this.#sessionId, this.#env.stop.signal)
  }

  #store({ call: _, ...compaction }: Compacted): Promise<Tail> {
    const { runtime, claimed, stop } = this.#env
    return storeCompaction(runtime.http, this.#sessionId, { compaction: { ...compaction, runId: claimed.id }, signal: stop.signal })
  }
}

const asMessage = (summary: string): SessionMessage => ({ role: 'system', content: summary })
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

function toView(tail: Tail, { count }: Call): View {
  const { compaction, messages, version } = tail
  const tailTokens = messages.map(count)
  const head = compaction === null ? [] : [asMessage(compaction.summary)]
  return {
    messages: [...head, ...messages],
    summary: compaction?.summary ?? null,
    version,
    tokens: sum([...head.map(count), ...tailTokens]),
    savedTokens: compaction === null ? 0 : Math.max(0, compaction.tokensBefore - compaction.tokensAfter),
    tail,
    tailTokens,
  }
}
