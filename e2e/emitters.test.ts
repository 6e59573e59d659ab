import type { Trace } from '@cairn/sdk/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tokens } from '../examples/model-server/answer.ts'
import { type ModelServer, startModelServer } from '../examples/model-server/server.ts'
import { callApi } from './src/api.ts'
import { installClients, runClient } from './src/run-client.ts'
import { type System, startSystem } from './src/system.ts'

/** What a client printed of its conversation with the provider. */
interface Answer {
  readonly texts: readonly string[]
  readonly toolCall?: { readonly id: string; readonly name: string; readonly arguments: string }
  readonly error?: string
}

interface Emitter {
  readonly title: string
  readonly client: string
  readonly env?: Record<string, string>
  /** Sums: input and output alone, so that no one can know what came from the cache. Or all but what was reasoning. */
  readonly usage?: 'sums' | 'without reasoning'
  /** Places, in order, of calls whose usage it leaves out. */
  readonly withoutUsage?: readonly number[]
  /** Calls whose output it counts one token too high: LangChain adds up both counts that a stream of Anthropic's gives. */
  readonly oneTooMany?: readonly number[]
  /** Of a call that failed it sends no span at all. */
  readonly withoutFailures?: true
  /** It has no place for them. */
  readonly withoutSession?: true
  /** Kinds of its spans beside those of the model. */
  readonly kinds?: Record<string, string>
}

const EMITTERS: readonly Emitter[] = [
  { title: 'OpenTelemetry’s instrumentation of openai', client: 'otel-openai', usage: 'sums' },
  { title: 'OpenInference’s of Anthropic’s client, which makes spans too', client: 'openinference-anthropic' },
  // Of a stream it says no usage, and of no call what the cache gave.
  {
    title: 'Traceloop’s of openai',
    client: 'traceloop',
    usage: 'sums',
    withoutUsage: [1],
    withoutFailures: true,
    kinds: { 'guide.workflow': 'workflow' },
  },
  { title: 'Traceloop’s of Anthropic', client: 'traceloop', env: { PROVIDER: 'anthropic' }, kinds: { 'guide.workflow': 'workflow' } },
  { title: 'Langfuse’s SDK', client: 'langfuse', kinds: { guide: 'agent', weather: 'tool' } },
  { title: 'LangSmith’s SDK', client: 'langsmith', kinds: { guide: 'workflow', weather: 'tool' } },
  { title: 'OpenAI’s agents', client: 'openai-agents', withoutSession: true, kinds: { guide: 'agent', weather: 'tool' } },
  { title: 'LangChain on openai', client: 'langchain', kinds: { weather: 'tool' } },
  { title: 'LangChain on Anthropic', client: 'langchain', env: { PROVIDER: 'anthropic' }, oneTooMany: [1], kinds: { weather: 'tool' } },
  ...(['openai', 'anthropic'] as const).flatMap((PROVIDER): Emitter[] => {
    const model = PROVIDER === 'openai' ? 'gpt-5-mini' : 'claude-sonnet-4-5'
    const kinds = { [`invoke_agent ${model}`]: 'agent', 'execute_tool weather': 'tool' }
    const client = 'openinference-ai-sdk'
    return [
      { title: `the AI SDK’s GenAI spans of ${PROVIDER}`, client, env: { PROVIDER, PLAIN: '1' }, usage: 'without reasoning', kinds },
      { title: `the AI SDK’s, with OpenInference, of ${PROVIDER}`, client, env: { PROVIDER }, kinds },
    ]
  }),
  { title: 'Mastra', client: 'mastra', kinds: { 'invoke_agent guide': 'agent', 'execute_tool weather': 'tool' } },
]

/** US dollars a million tokens. */
const PRICES = {
  'gpt-5-mini': { input: 0.25, cacheRead: 0.025, cacheWrite: 0.25, output: 2 },
  'claude-sonnet-4-5': { input: 3, cacheRead: 0.3, cacheWrite: 3.75, output: 15 },
} as const

let system: System
let models: ModelServer
beforeAll(async () => {
  await installClients([...new Set(EMITTERS.map(({ client }) => client))])
  ;[system, models] = await Promise.all([startSystem(), startModelServer()])
}, 600_000)
afterAll(async () => {
  await models?.stop()
  await system?.stop()
})

const toUsage = (tokens: Tokens, { usage }: Emitter) =>
  usage === 'sums'
    ? { input: tokens.input, cacheRead: 0, cacheWrite: 0, output: tokens.output, reasoning: 0 }
    : {
        input: tokens.input - tokens.cached - tokens.cacheWritten,
        cacheRead: tokens.cached,
        cacheWrite: tokens.cacheWritten,
        ...(usage === 'without reasoning'
          ? { output: tokens.output, reasoning: 0 }
          : { output: tokens.output - tokens.reasoning, reasoning: tokens.reasoning }),
      }

describe.each(EMITTERS)('$title', (emitter) => {
  it('shows what the provider’s ledger says, once', async () => {
    const from = models.ledger.entries.length
    const answer = await runClient<Answer>(emitter.client, { system, modelUrl: models.url }, emitter.env)
    const calls = models.ledger.entries.slice(from)
    const served = calls.flatMap((call) => (call.tokens === null ? [] : [call.tokens]))
    const expected = served
      .map((tokens, i) => toUsage(emitter.oneTooMany?.includes(i) ? { ...tokens, output: tokens.output + 1 } : tokens, emitter))
      .filter((_, i) => !emitter.withoutUsage?.includes(i))
    const model = calls[0]?.model as keyof typeof PRICES
    const { spans, usage, cost } = await callApi<Trace>(system, 'GET', `/api/v1/traces/${answer.traceId}`)

    // Each call that was paid for, in order, by exclusive parts.
    const billed = spans.filter((span) => span.billable && span.usage.total > 0)
    const inOrder = billed.toSorted((a, b) => a.startTime.localeCompare(b.startTime))
    expect(inOrder.map((span) => span.usage)).toMatchObject(expected)
    for (const span of billed)
      expect(span).toMatchObject({
        kind: 'model',
        provider: expect.stringMatching(/^(openai|anthropic|)$/),
        model: expect.stringContaining(model),
      })
    const total = (part: keyof ReturnType<typeof toUsage>) => expected.reduce((sum, parts) => sum + parts[part], 0)
    expect(usage.total).toBe(total('input') + total('cacheRead') + total('cacheWrite') + total('output') + total('reasoning'))
    const price = PRICES[model]
    const paid =
      total('input') * price.input +
      total('cacheRead') * price.cacheRead +
      total('cacheWrite') * price.cacheWrite +
      (total('output') + total('reasoning')) * price.output
    expect(billed.reduce((sum, span) => sum + Number(span.cost.total), 0)).toBeCloseTo(paid / 1e6, 12)
    // A call whose usage is unknown makes the whole unknown, not cheap.
    if (emitter.withoutUsage) expect(cost).toMatchObject({ total: null, priced: false })
    else expect(Number(cost.total)).toBeCloseTo(paid / 1e6, 12)

    // What was asked and said.
    const said = JSON.stringify(spans.map(({ input, output, messages }) => ({ input, output, messages })))
    for (const text of answer.texts) expect(said).toContain(text.slice(0, 60))
    expect(said).toContain('What is the weather in Oban?')
    expect(said).toContain('weather')
    for (const [name, kind] of Object.entries(emitter.kinds ?? {}))
      expect(
        spans.find((span) => span.name === name && span.kind === kind),
        name,
      ).toBeDefined()
    for (const tool of spans.filter((span) => span.kind === 'tool')) expect(tool.toolName).toBe('weather')

    // The failed call is an error that cost nothing.
    expect(calls.at(-1)?.status).toBe(400)
    expect(answer.error).toContain('maximum context length')
    if (!emitter.withoutFailures) {
      const failed = spans.filter((span) => span.kind === 'model' && span.status === 'error')
      expect(failed.length).toBeGreaterThan(0)
      for (const span of failed) expect(span.usage.total).toBe(0)
      expect(JSON.stringify(spans.filter((span) => span.status === 'error').map((span) => span.errorMessage))).toContain(
        'maximum context length',
      )
    }

    if (!emitter.withoutSession) {
      expect(spans.map((span) => span.sessionId)).toContain('hike-1')
      expect(spans.map((span) => span.userId)).toContain('ada')
    }
  })
})
