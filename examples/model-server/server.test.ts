import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ModelServer, startModelServer } from './server.ts'

let server: ModelServer
let openai: OpenAI
let anthropic: Anthropic
beforeAll(async () => {
  server = await startModelServer()
  openai = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'sk-test', maxRetries: 0 })
  anthropic = new Anthropic({ baseURL: server.url, apiKey: 'sk-test', maxRetries: 0 })
})
afterAll(() => server.stop())

const longSystem = 'You answer in the voice of a mountain warden. '.repeat(40)

describe('the model server, by the providers’ own clients', () => {
  it('answers a chat completion the same every time, with cached and reasoning tokens', async () => {
    const ask = () =>
      openai.chat.completions.create({
        model: 'gpt-5-mini',
        messages: [
          { role: 'system', content: longSystem },
          { role: 'user', content: 'Why cairns?' },
        ],
      })
    const [first, second] = [await ask(), await ask()]
    expect(first).toEqual(second)
    expect(first.choices[0]?.message.content).toMatch(/\w+\./)
    expect(first.usage?.prompt_tokens_details?.cached_tokens).toBeGreaterThan(0)
    expect(first.usage?.completion_tokens_details?.reasoning_tokens).toBeGreaterThan(0)
  })

  it('streams what it answers whole', async () => {
    const request = { model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content: 'Why kelp?' }] }
    const whole = await openai.chat.completions.create(request)
    const stream = await openai.chat.completions.create({ ...request, stream: true, stream_options: { include_usage: true } })
    let text = ''
    let usage: unknown
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? ''
      usage = chunk.usage ?? usage
    }
    expect(text).toBe(whole.choices[0]?.message.content)
    expect(usage).toEqual(whole.usage)
  })

  it('speaks the responses API, whole and streamed', async () => {
    const whole = await openai.responses.create({ model: 'gpt-5-mini', input: 'Why batteries?' })
    const stream = openai.responses.stream({ model: 'gpt-5-mini', input: 'Why batteries?' })
    const streamed = await stream.finalResponse()
    expect(whole.output_text).not.toBe('')
    expect(streamed.output_text).toBe(whole.output_text)
    expect(streamed.usage).toEqual(whole.usage)
  })

  it('speaks Anthropic’s messages API, counting cached tokens apart', async () => {
    const request = {
      model: 'claude-sonnet-4-6',
      max_tokens: 500,
      system: longSystem,
      messages: [{ role: 'user' as const, content: 'Why tides?' }],
    }
    const whole = await anthropic.messages.create(request)
    const streamed = await anthropic.messages.stream(request).finalMessage()
    expect(streamed.content).toEqual(whole.content)
    const cached = (whole.usage.cache_read_input_tokens ?? 0) + (whole.usage.cache_creation_input_tokens ?? 0)
    expect(cached).toBeGreaterThan(0)
    expect(whole.usage.input_tokens).toBeLessThan(cached)
  })

  it('calls a tool where one is offered', async () => {
    const answer = await openai.chat.completions.create({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'Find a map.' }],
      tools: [{ type: 'function', function: { name: 'find_map', parameters: { type: 'object', properties: {} } } }],
    })
    expect(answer.choices[0]?.finish_reason).toBe('tool_calls')
    expect(answer.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { name: 'find_map' } })
  })

  it('fails as a provider does where asked to', async () => {
    const ask = (sim: string) =>
      openai.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'x' }] }, { headers: { 'x-sim': sim } })
    await expect(ask('rate_limit')).rejects.toThrow(OpenAI.RateLimitError)
    await expect(ask('context_length')).rejects.toMatchObject({ code: 'context_length_exceeded', status: 400 })
    await expect(ask('server_error')).rejects.toThrow(OpenAI.InternalServerError)
  })

  it('keeps a ledger of every call', async () => {
    await openai.chat.completions.create(
      { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'count me' }] },
      { headers: { 'idempotency-key': 'step-1' } },
    )
    const { calls } = (await (await fetch(`${server.url}/_ledger`)).json()) as { calls: { key: string; status: number }[] }
    expect(calls.filter((call) => call.key === 'step-1')).toMatchObject([{ status: 200, path: '/v1/chat/completions' }])
  })
})
