import { describe, expect, it } from 'vitest'
import { toGenAiMessages } from './messages.ts'
import { recogniseResponse } from './recognise-response.ts'

describe('recogniseResponse', () => {
  it('reads a chat completion of the OpenAI SDK', () => {
    expect(
      recogniseResponse({
        object: 'chat.completion',
        id: 'chatcmpl-1',
        model: 'gpt-5-2026',
        created: 1,
        choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'hi' } }],
        usage: {
          prompt_tokens: 10,
          completion_tokens: 7,
          total_tokens: 17,
          prompt_tokens_details: { cached_tokens: 4 },
          completion_tokens_details: { reasoning_tokens: 3 },
        },
      }),
    ).toEqual({
      id: 'chatcmpl-1',
      provider: 'openai',
      model: 'gpt-5-2026',
      finishReasons: ['stop'],
      messages: [{ role: 'assistant', content: 'hi' }],
      usage: { inputTokens: 10, outputTokens: 7, cacheReadTokens: 4, reasoningTokens: 3 },
    })
  })

  it('reads a response of the OpenAI SDK', () => {
    expect(
      recogniseResponse({
        object: 'response',
        id: 'resp_1',
        model: 'gpt-5',
        status: 'completed',
        output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'hi' }] }],
        usage: {
          input_tokens: 3,
          output_tokens: 2,
          input_tokens_details: { cached_tokens: 1 },
          output_tokens_details: { reasoning_tokens: 0 },
        },
      }),
    ).toMatchObject({
      id: 'resp_1',
      finishReasons: ['completed'],
      usage: { inputTokens: 3, outputTokens: 2, cacheReadTokens: 1, reasoningTokens: 0 },
    })
  })

  it('reads a message of the Anthropic SDK, counting cached tokens inside the input', () => {
    expect(
      recogniseResponse({
        type: 'message',
        id: 'msg_1',
        model: 'claude-5',
        role: 'assistant',
        content: [{ type: 'text', text: 'hi' }],
        stop_reason: 'end_turn',
        usage: {
          input_tokens: 10,
          output_tokens: 5,
          cache_read_input_tokens: 100,
          cache_creation_input_tokens: 20,
          cache_creation: { ephemeral_5m_input_tokens: 15, ephemeral_1h_input_tokens: 5 },
        },
      }),
    ).toMatchObject({
      provider: 'anthropic',
      finishReasons: ['end_turn'],
      usage: { inputTokens: 130, outputTokens: 5, cacheReadTokens: 100, cacheWriteTokens: 20, cacheWrite1hTokens: 5 },
    })
  })

  it('leaves anything else alone', () => {
    for (const value of [null, 'text', { id: 'x', model: 'y' }, { object: 'list' }, []]) expect(recogniseResponse(value)).toBeUndefined()
  })
})

describe('toGenAiMessages', () => {
  it('reads the messages of both APIs', () => {
    expect(
      toGenAiMessages([
        { role: 'system', content: 'be brief' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'hi' },
            { type: 'image_url', image_url: { url: 'x' } },
          ],
        },
        { role: 'assistant', content: null, tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }] },
        { role: 'tool', tool_call_id: 'c1', content: '2' },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hm' },
            { type: 'tool_use', id: 't1', name: 'g', input: { b: 2 } },
          ],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'ok' }] },
      ]),
    ).toEqual([
      { role: 'system', parts: [{ type: 'text', content: 'be brief' }] },
      {
        role: 'user',
        parts: [
          { type: 'text', content: 'hi' },
          { type: 'image_url', image_url: { url: 'x' } },
        ],
      },
      { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'f', arguments: { a: 1 } }] },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: '2' }] },
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: 'hm' },
          { type: 'tool_call', id: 't1', name: 'g', arguments: { b: 2 } },
        ],
      },
      { role: 'user', parts: [{ type: 'tool_call_response', id: 't1', response: 'ok' }] },
    ])
  })
})
