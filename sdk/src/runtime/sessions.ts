import { z } from 'zod'
import { CairnError } from '../errors.ts'
import { ATTR } from '../otel/attributes.ts'
import { Session } from '../protocol/session.ts'
import { decodeValue, encodeValue } from '../protocol/values.ts'
import { findCut, summaryMessage, sumTokens, toBudget } from './compaction.ts'
import type { ExecutionEnv } from './execution-env.ts'
import type { ContextOptions, SessionContext, SessionHandle, SessionMessage } from './run.ts'
import type { StepEngine } from './step-engine.ts'

/** Of a summary: the collector's limit. */
const MOST_CHARS = 1_000_000

const Saved = z.object({ version: z.number().int() })

/** A summary as a step returns it: with the last message that it stands for, which other turns may have made another by the next time. */
interface Summary {
  readonly summary: string
  readonly throughPosition: number
  readonly tokensBefore: number
  readonly tokensAfter: number
}

/** A session through the collector's API. */
export function openSession(env: ExecutionEnv, engine: StepEngine, id: string): SessionHandle {
  const { http } = env.runtime
  const path = `/api/v1/sessions/${encodeURIComponent(id)}`

  async function load(query: string) {
    const session = Session.parse((await http.request({ method: 'GET', path: path + query, signal: env.stop.signal })).body)
    const messages: SessionMessage[] = session.messages.map(({ role, content }) => ({ role, content: decodeValue(content) }))
    return { version: session.version, state: decodeValue(session.state), messages, compaction: session.compaction }
  }

  return {
    id,
    load: async () => {
      const { version, state, messages } = await load('')
      return { version, state, messages }
    },
    context: async (options) => {
      const budget = toBudget(options)
      const { version, messages, compaction } = await load('?tail=true')
      const cut = findCut(compaction?.summary ?? null, messages, budget)
      let before: Summary | null = compaction
      if (cut > 0) {
        const from = compaction === null ? 0 : compaction.throughPosition + 1
        before = await summarise(engine, { sessionId: id, from, older: messages.slice(0, cut), before: compaction, options })
        // Again after a crash in between: it is stored once.
        await http.request({
          method: 'POST',
          path: `${path}/compactions`,
          json: { ...before, runId: env.claimed.id },
          signal: env.stop.signal,
        })
        messages.splice(0, before.throughPosition + 1 - from)
      }
      return told(env, toContext(version, before, messages, budget.count))
    },
    save: async (state, version) => {
      const headers = { 'if-match': `"${version}"` }
      return Saved.parse((await http.request({ method: 'PUT', path, json: { state: encodeValue(state) }, headers })).body)
    },
    addMessages: async (messages) => {
      const encoded = messages.map(({ role, content }) => ({ role, content: encodeValue(content) }))
      return Saved.parse((await http.request({ method: 'POST', path: `${path}/messages`, json: { messages: encoded } })).body)
    },
  }
}

interface Summarising {
  readonly sessionId: string
  /** Position of the first of `older`. */
  readonly from: number
  readonly older: readonly SessionMessage[]
  readonly before: Summary | null
  readonly options: ContextOptions
}

/** The summary is a step's output before the session has it: whatever dies then, nobody makes it twice. */
function summarise(engine: StepEngine, { sessionId, from, older, before, options }: Summarising): Promise<Summary> {
  const { count } = toBudget(options)
  return engine.run({
    name: 'session.compact',
    kind: 'step',
    options: { key: `session.compact/${sessionId}/${from}` },
    attributes: { [ATTR.kind]: 'step' },
    body: async ({ signal }) => {
      const summary: unknown = await options.summarise(older, { previous: before?.summary ?? null, signal })
      if (typeof summary !== 'string' || summary === '' || summary.length > MOST_CHARS)
        throw new CairnError('invalid_step', `session.context(): summarise must give a text of 1 to ${MOST_CHARS} characters.`)
      return {
        summary,
        throughPosition: from + older.length - 1,
        tokensBefore: (before?.tokensBefore ?? 0) + sumTokens(older, count),
        tokensAfter: count(summaryMessage(summary)),
      }
    },
  })
}

function toContext(
  version: number,
  before: Summary | null,
  tail: readonly SessionMessage[],
  count: (message: SessionMessage) => number,
): SessionContext {
  const messages = before === null ? tail : [summaryMessage(before.summary), ...tail]
  return {
    version,
    messages,
    summary: before?.summary ?? null,
    tokens: sumTokens(messages, count),
    savedTokens: before === null ? 0 : Math.max(0, before.tokensBefore - before.tokensAfter),
  }
}

/** On a span of its own, so that what is saved can be summed; a replay has told it already. */
function told(env: ExecutionEnv, context: SessionContext): SessionContext {
  if (env.replay.isUnderway || context.savedTokens === 0) return context
  const attributes = { [ATTR.kind]: 'other', [ATTR.compactionSavedTokens]: context.savedTokens, [ATTR.compactionTokens]: context.tokens }
  env.runtime.telemetry.tracer.startSpan('session.context', { attributes }).end()
  return context
}
