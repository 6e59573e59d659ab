import type { Trace } from '@cairn/sdk/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ModelServer, startModelServer } from '../examples/model-server/server.ts'
import { callApi } from './src/api.ts'
import { installClients, runClient as run } from './src/run-client.ts'
import { type System, startSystem } from './src/system.ts'

const CLIENTS = ['otel-exporters', 'openinference-openai', 'ai-sdk'] as const

let system: System
let models: ModelServer
beforeAll(async () => {
  await installClients(CLIENTS)
  ;[system, models] = await Promise.all([startSystem(), startModelServer()])
})
afterAll(async () => {
  await models?.stop()
  await system?.stop()
})

const runClient = <T>(client: (typeof CLIENTS)[number], env: Record<string, string> = {}) =>
  run<T>(client, { system, modelUrl: models.url }, env)

const getTrace = (traceId: string) => callApi<Trace>(system, 'GET', `/api/v1/traces/${traceId}`)
const kindsOf = (trace: Trace) => Object.fromEntries(trace.spans.map((span) => [span.name, span.kind]))

describe.each([
  { FORMAT: 'proto', COMPRESSION: 'none' },
  { FORMAT: 'proto', COMPRESSION: 'gzip' },
  { FORMAT: 'json', COMPRESSION: 'none' },
  { FORMAT: 'json', COMPRESSION: 'gzip' },
])('OpenTelemetry’s exporter, $FORMAT, $COMPRESSION', (env) => {
  it('gets model, tokens, cost, input, output and the exception right', async () => {
    const { traceId } = await runClient('otel-exporters', env)
    const trace = await getTrace(traceId)
    expect(kindsOf(trace)).toEqual({ 'invoke_agent guide': 'agent', 'chat gpt-4o-mini': 'model', 'execute_tool map': 'tool' })
    const chat = trace.spans.find((span) => span.kind === 'model')
    expect(chat).toMatchObject({
      provider: 'openai',
      model: 'gpt-4o-mini-2024-07-18',
      service: 'trail-service',
      environment: 'test',
      // gen_ai counts cached tokens inside the input: here they are apart.
      usage: { input: 600, cacheRead: 400, output: 200, total: 1_200 },
      // 600 × $0.15, 400 × $0.075 and 200 × $0.60 a million.
      cost: { total: '0.00024', priced: true },
    })
    expect(JSON.stringify(chat?.input)).toContain('Why do cairns mark trails?')
    expect(JSON.stringify(chat?.output)).toContain('They endure.')
    expect(trace.spans.find((span) => span.kind === 'tool')).toMatchObject({
      toolName: 'map',
      status: 'error',
      errorType: 'TypeError',
      errorMessage: 'no map of Skye',
      errorStack: expect.stringContaining('main.mjs'),
    })
    expect(trace.spans.find((span) => span.kind === 'agent')).toMatchObject({ agent: 'guide', sessionId: 'hike-1', userId: 'ada' })
    expect(trace.usage.total).toBe(1_200)
    expect(trace.cost.total).toBe('0.00024')
  })
})

interface OpenAiUsage {
  readonly prompt_tokens: number
  readonly completion_tokens: number
  readonly prompt_tokens_details: { readonly cached_tokens: number }
  readonly completion_tokens_details: { readonly reasoning_tokens: number }
}

it('the openai client with OpenInference: as the provider billed it', async () => {
  const answer = await runClient<{ text: string; usage: OpenAiUsage }>('openinference-openai', { MODEL: 'gpt-5-mini' })
  const trace = await getTrace(answer.traceId)
  const model = trace.spans.find((span) => span.kind === 'model')
  const { cached_tokens: cacheRead } = answer.usage.prompt_tokens_details
  const { reasoning_tokens: reasoning } = answer.usage.completion_tokens_details
  const usage = {
    input: answer.usage.prompt_tokens - cacheRead,
    cacheRead,
    output: answer.usage.completion_tokens - reasoning,
    reasoning,
    total: answer.usage.prompt_tokens + answer.usage.completion_tokens,
  }
  expect(model).toMatchObject({ provider: 'openai', model: 'gpt-5-mini-2025-08-07', usage, billable: true })
  expect(trace.usage).toMatchObject(usage)
  // gpt-5-mini: $0.25 in, $0.025 cached, $2 out a million.
  const expected = (usage.input * 0.25 + cacheRead * 0.025 + answer.usage.completion_tokens * 2) / 1e6
  expect(Number(trace.cost.total)).toBeCloseTo(expected, 12)
  expect(JSON.stringify(model?.messages ?? model?.input)).toContain('Why do cairns mark trails?')
  expect(JSON.stringify(model?.output)).toContain(answer.text.slice(0, 40))
})

interface AiSdkUsage {
  readonly inputTokens: number
  readonly outputTokens: number
}

it.each(['responses', 'chat'])('Vercel’s AI SDK with its telemetry, %s API: counted once', async (API) => {
  const answer = await runClient<{ text: string; usage: AiSdkUsage }>('ai-sdk', { API })
  const trace = await getTrace(answer.traceId)
  const models = trace.spans.filter((span) => span.kind === 'model')
  expect(models).toHaveLength(1)
  expect(models[0]).toMatchObject({ provider: 'openai', model: 'gpt-4o-mini-2024-07-18' })
  // The agent's span repeats the sum of its calls: the trace holds it once.
  expect(trace.usage.total).toBe(answer.usage.inputTokens + answer.usage.outputTokens)
  expect(Number(trace.cost.total)).toBeGreaterThan(0)
  expect(trace.cost.total).toBe(models[0]?.cost.total)
  expect(trace.spans.find((span) => span.kind === 'agent')).toMatchObject({ agent: 'trail-helper' })
  expect(JSON.stringify(models[0]?.input ?? models[0]?.messages)).toContain('Why do cairns mark trails?')
  expect(JSON.stringify(models[0]?.output)).toContain(answer.text.slice(0, 40))
})
