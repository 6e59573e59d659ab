import { describe, expect, test } from 'vitest'
import type { AttributeValue } from '../otlp/types.ts'
import { makeSpan, mapAttributes, mapFixture } from './fixtures/read-fixture.ts'
import { mapSpan } from './map-span.ts'
import type { MappedSpan } from './mapped-span.ts'
import { readResourceContext } from './resource-context.ts'
import { writeAttributes } from './to-json.ts'

const user = { role: 'user', parts: [{ type: 'text', content: 'Why do cairns mark trails?' }] }
const system = { role: 'system', parts: [{ type: 'text', content: 'You are terse.' }] }
const assistant = { role: 'assistant', parts: [{ type: 'text', content: 'They endure.' }] }
const usage = { input: 600, cacheRead: 400, output: 150, reasoning: 50, total: 1200 }

describe('spans that real emitters sent', () => {
  test('OpenInference: openai', () => {
    const [call] = mapFixture('openinference-openai.otlp')
    expect(call).toMatchObject({
      kind: 'model',
      provider: 'openai',
      modelRequest: 'gpt-4o-mini-2024-07-18',
      responseId: 'chatcmpl-1',
      usage,
      inputMessages: [system, user],
      outputMessages: [assistant],
      inputPreview: 'Why do cairns mark trails?',
      outputPreview: 'They endure.',
      finishReasons: ['stop'],
      parameters: { model: 'gpt-4o-mini' },
      service: 'openinference-openai',
    })
  })

  test('AI SDK 7', () => {
    const spans = mapFixture('ai-sdk-7.json')
    expect(spans.map((span) => span.kind)).toEqual(['model', 'step', 'agent', 'other'])
    expect(spans[0]).toMatchObject({
      provider: 'openai',
      modelRequest: 'gpt-4o-mini',
      modelResponse: 'gpt-4o-mini-2024-07-18',
      responseId: 'resp_1',
      usage: { input: 600, cacheRead: 400, output: 200, total: 1200 },
      inputMessages: [user],
      outputMessages: [{ ...assistant, finish_reason: 'stop' }],
      system: [{ type: 'text', content: 'You are terse.' }],
    })
    expect(spans[2]?.agent).toBe('trail-helper')
  })

  test('AI SDK 7, legacy telemetry', () => {
    const spans = mapFixture('ai-sdk-7-legacy.json')
    expect(spans.map((span) => span.kind)).toEqual(['model', 'agent', 'other'])
    expect(spans[0]).toMatchObject({
      provider: 'openai',
      agent: 'trail-helper',
      usage,
      inputMessages: [system, user],
      outputMessages: [assistant],
    })
  })

  test('OpenTelemetry by the GenAI conventions', () => {
    const spans = mapFixture('gen-ai.otlp')
    expect(spans.map((span) => [span.kind, span.status])).toEqual([
      ['model', 'unset'],
      ['tool', 'error'],
      ['agent', 'unset'],
    ])
    expect(spans[0]).toMatchObject({
      usage: { input: 600, cacheRead: 400, output: 200, total: 1200 },
      environment: 'test',
      service: 'trail-service',
    })
    expect(spans[1]).toMatchObject({ toolName: 'map', input: { place: 'Skye' }, errorType: 'TypeError', errorMessage: 'no map of Skye' })
    expect(spans[1]?.errorStack).toContain('TypeError: no map of Skye')
    expect(spans[1]?.errorGroup).toMatch(/^[0-9a-f]{16}$/)
    expect(spans[2]).toMatchObject({ agent: 'guide', sessionId: 'hike-1', userId: 'ada' })
  })
})

/** Documented attributes of each vocabulary, and what they must become. */
const documented: [
  vocabulary: string,
  attributes: Record<string, AttributeValue>,
  expected: Partial<MappedSpan> | Record<string, unknown>,
][] = [
  [
    'GenAI, older names',
    {
      'gen_ai.system': 'anthropic',
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'claude-sonnet-4',
      'gen_ai.usage.prompt_tokens': 10,
      'gen_ai.usage.completion_tokens': 4,
    },
    { kind: 'model', provider: 'anthropic', modelRequest: 'claude-sonnet-4', usage: { input: 10, output: 4, total: 14 } },
  ],
  [
    'GenAI, messages as structured values',
    {
      'gen_ai.operation.name': 'chat',
      'gen_ai.input.messages': [
        new Map<string, AttributeValue>([
          ['role', 'user'],
          [
            'parts',
            [
              new Map([
                ['type', 'text'],
                ['content', 'hi'],
              ]),
            ],
          ],
        ]),
      ],
    },
    { inputMessages: [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }], inputPreview: 'hi' },
  ],
  [
    'GenAI tool',
    {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'search',
      'gen_ai.tool.call.id': 'c1',
      'gen_ai.tool.call.arguments': '{"q":"x"}',
      'gen_ai.tool.call.result': '["a"]',
    },
    { kind: 'tool', toolName: 'search', toolCallId: 'c1', input: { q: 'x' }, output: ['a'] },
  ],
  [
    'GenAI embeddings',
    { 'gen_ai.operation.name': 'embeddings', 'gen_ai.request.model': 'text-embedding-3-small', 'gen_ai.usage.input_tokens': 9 },
    { kind: 'embedding', usage: { input: 9, total: 9 } },
  ],
  ['GenAI workflow', { 'gen_ai.operation.name': 'invoke_workflow', 'gen_ai.workflow.name': 'trail' }, { kind: 'workflow', agent: 'trail' }],
  [
    'OpenInference chain',
    {
      'openinference.span.kind': 'CHAIN',
      'input.value': '{"a":1}',
      'output.value': 'done',
      'session.id': 's',
      'user.id': 'u',
      'tag.tags': ['x', 'y'],
      metadata: '{"k":"v"}',
    },
    { kind: 'workflow', input: { a: 1 }, output: 'done', sessionId: 's', userId: 'u', tags: ['x', 'y'], metadata: { k: 'v' } },
  ],
  [
    'OpenInference retriever',
    {
      'openinference.span.kind': 'RETRIEVER',
      'input.value': 'stones',
      'retrieval.documents.0.document.content': 'a cairn',
      'retrieval.documents.0.document.score': 0.5,
      'retrieval.documents.1.document.content': 'a pile',
    },
    { kind: 'retriever', input: 'stones', output: [{ document: { content: 'a cairn', score: 0.5 } }, { document: { content: 'a pile' } }] },
  ],
  [
    'OpenInference tool calls',
    {
      'openinference.span.kind': 'LLM',
      'llm.output_messages.0.message.role': 'assistant',
      'llm.output_messages.0.message.tool_calls.0.tool_call.id': 'c1',
      'llm.output_messages.0.message.tool_calls.0.tool_call.function.name': 'search',
      'llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments': '{"q":"x"}',
      'llm.input_messages.0.message.role': 'user',
      'llm.input_messages.0.message.contents.0.message_content.type': 'text',
      'llm.input_messages.0.message.contents.0.message_content.text': 'look',
      'llm.input_messages.1.message.role': 'tool',
      'llm.input_messages.1.message.tool_call_id': 'c0',
      'llm.input_messages.1.message.content': 'found',
    },
    {
      inputMessages: [
        { role: 'user', parts: [{ type: 'text', content: 'look' }] },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c0', response: 'found' }] },
      ],
      outputMessages: [{ role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'search', arguments: { q: 'x' } }] }],
    },
  ],
  [
    'AI SDK tool',
    {
      'ai.operationId': 'ai.toolCall',
      'ai.toolCall.name': 'weather',
      'ai.toolCall.id': 't1',
      'ai.toolCall.args': '{"city":"Oban"}',
      'ai.toolCall.result': '"rain"',
    },
    { kind: 'tool', toolName: 'weather', toolCallId: 't1', input: { city: 'Oban' }, output: 'rain' },
  ],
  [
    'AI SDK 4, Anthropic: cached tokens are apart',
    {
      'ai.operationId': 'ai.streamText.doStream',
      'ai.model.provider': 'anthropic.messages',
      'ai.model.id': 'claude-sonnet-4',
      'ai.usage.inputTokens': 100,
      'ai.usage.cachedInputTokens': 80,
      'ai.usage.outputTokens': 5,
      'ai.response.msToFirstChunk': 12.5,
    },
    { kind: 'model', provider: 'anthropic', usage: { input: 100, cacheRead: 80, output: 5, total: 185 }, timeToFirstTokenMs: 12.5 },
  ],
  [
    'Traceloop',
    {
      'gen_ai.system': 'OpenAI',
      'llm.request.type': 'chat',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.prompt.0.role': 'user',
      'gen_ai.prompt.0.content': 'hi',
      'gen_ai.completion.0.role': 'assistant',
      'gen_ai.completion.0.content': 'hello',
      'gen_ai.completion.0.finish_reason': 'stop',
      'gen_ai.usage.prompt_tokens': 7,
      'gen_ai.usage.completion_tokens': 3,
      'llm.usage.total_tokens': 10,
      'traceloop.workflow.name': 'greeter',
      'traceloop.association.properties.user_id': 'ada',
    },
    {
      kind: 'model',
      provider: 'openai',
      agent: 'greeter',
      userId: 'ada',
      inputMessages: [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }],
      outputMessages: [{ role: 'assistant', parts: [{ type: 'text', content: 'hello' }], finish_reason: 'stop' }],
      usage: { input: 7, output: 3, total: 10 },
    },
  ],
  [
    'Traceloop tool',
    {
      'traceloop.span.kind': 'tool',
      'traceloop.entity.name': 'lookup',
      'traceloop.entity.input': '{"args":[1]}',
      'traceloop.entity.output': '2',
    },
    { kind: 'tool', toolName: 'lookup', input: { args: [1] }, output: '2' },
  ],
  [
    'Langfuse',
    {
      'langfuse.observation.type': 'generation',
      'langfuse.observation.model.name': 'gpt-4o',
      'langfuse.observation.input': '[{"role":"user","content":"hi"}]',
      'langfuse.observation.output': '{"role":"assistant","content":"hello"}',
      'langfuse.observation.usage_details': '{"input":6,"cache_read_input_tokens":4,"output":3,"total":13}',
      'langfuse.observation.cost_details': '{"total":0.01}',
      'langfuse.observation.level': 'ERROR',
      'langfuse.observation.status_message': 'too long',
      'langfuse.session.id': 's1',
      'langfuse.user.id': 'u1',
      'langfuse.observation.completion_start_time': '"2025-06-15T15:06:40.500Z"',
    },
    {
      kind: 'model',
      modelRequest: 'gpt-4o',
      usage: { input: 6, cacheRead: 4, output: 3, total: 13 },
      costGiven: '0.01',
      status: 'error',
      errorMessage: 'too long',
      sessionId: 's1',
      userId: 'u1',
      timeToFirstTokenMs: 500,
      inputMessages: [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }],
    },
  ],
  [
    'LangSmith',
    {
      'langsmith.span.kind': 'llm',
      'langsmith.metadata.ls_provider': 'openai',
      'langsmith.metadata.ls_model_name': 'gpt-4o',
      'langsmith.trace.session_id': 'a project',
      'gen_ai.prompt': '{"messages":[{"role":"user","content":"hi"}]}',
      'langsmith.usage_metadata': '{"input_tokens":10,"output_tokens":4,"total_tokens":14,"input_token_details":{"cache_read":6}}',
    },
    {
      kind: 'model',
      provider: 'openai',
      modelResponse: 'gpt-4o',
      sessionId: '',
      usage: { input: 4, cacheRead: 6, output: 4, total: 14 },
      inputMessages: [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }],
    },
  ],
  [
    'Langfuse on openai: reasoning apart, and the answer as one message',
    {
      'langfuse.observation.type': 'generation',
      'langfuse.observation.model.name': 'gpt-5-mini-2025-08-07',
      'langfuse.observation.input': '{"messages":[{"role":"user","content":"hi"}]}',
      'langfuse.observation.output': '{"role":"assistant","content":"hello","refusal":null}',
      'langfuse.observation.usage_details':
        '{"input":104,"output":103,"total":431,"input_cached_tokens":128,"output_reasoning_tokens":96,"input_audio_tokens":0}',
    },
    {
      usage: { input: 104, cacheRead: 128, output: 103, reasoning: 96, total: 431 },
      inputMessages: [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }],
      outputMessages: [{ role: 'assistant', parts: [{ type: 'text', content: 'hello' }] }],
    },
  ],
  [
    'LangSmith on openai: sums beside the object that has the parts',
    {
      'langsmith.span.kind': 'llm',
      'gen_ai.system': 'openai',
      'gen_ai.usage.input_tokens': 232,
      'gen_ai.usage.output_tokens': 199,
      'gen_ai.usage.total_tokens': 431,
      'langsmith.usage_metadata':
        '{"input_tokens":232,"output_tokens":199,"total_tokens":431,"input_token_details":{"cache_read":128},"output_token_details":{"reasoning":96}}',
      'gen_ai.completion':
        '{"id":"chatcmpl-1","choices":[{"index":0,"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}]}',
    },
    {
      kind: 'model',
      usage: { input: 104, cacheRead: 128, output: 103, reasoning: 96, total: 431 },
      outputMessages: [{ role: 'assistant', parts: [{ type: 'text', content: 'hello' }], finish_reason: 'stop' }],
    },
  ],
  [
    'LangChain under OpenInference: its provider',
    { 'openinference.span.kind': 'LLM', 'llm.model_name': 'claude-sonnet-4-5', metadata: '{"ls_provider":"anthropic"}' },
    { kind: 'model', provider: 'anthropic', metadata: { ls_provider: 'anthropic' } },
  ],
  [
    'Mastra: a call in a step of an agent',
    {
      'gen_ai.operation.name': 'chat',
      'mastra.span.type': 'model_inference',
      'gen_ai.provider.name': 'openai.responses',
      'gen_ai.usage.input_tokens': 232,
      'gen_ai.usage.output_tokens': 138,
      'gen_ai.usage.reasoning_tokens': 128,
      'gen_ai.usage.cache_read.input_tokens': 128,
      'mastra.metadata.sessionId': 's1',
      'mastra.metadata.userId': 'u1',
    },
    {
      kind: 'model',
      provider: 'openai',
      usage: { input: 104, cacheRead: 128, output: 10, reasoning: 128, total: 370 },
      sessionId: 's1',
      userId: 'u1',
    },
  ],
  [
    'Mastra: an agent',
    {
      'mastra.span.type': 'agent_run',
      'mastra.agent_run.input': 'hi',
      'mastra.agent_run.output': '{"text":"hello"}',
      'mastra.tags': '["x"]',
    },
    { kind: 'agent', input: 'hi', output: { text: 'hello' }, tags: ['x'] },
  ],
  [
    'Mastra: a call that failed and says OK',
    { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-5-mini', 'gen_ai.response.finish_reasons': '["error"]' },
    { kind: 'model', status: 'error', usageReported: false },
  ],
  ['Mastra', { 'mastra.span.type': 'tool_call', 'gen_ai.tool.name': 'find' }, { kind: 'tool', toolName: 'find' }],
  [
    'MLflow',
    { 'mlflow.spanType': 'RETRIEVER', 'mlflow.spanInputs': '{"q":1}', 'mlflow.spanOutputs': '[]' },
    { kind: 'retriever', input: { q: 1 }, output: [] },
  ],
  [
    'Cairn',
    {
      'cairn.kind': 'step',
      'cairn.run.id': '0198-x',
      'cairn.execution': 2,
      'cairn.step.key': 'search/1',
      'cairn.agent': 'research',
      'cairn.agent.version': '3',
    },
    { kind: 'step', runId: '0198-x', execution: 2, stepKey: 'search/1', agent: 'research', agentVersion: '3' },
  ],
  ['a provider with an API’s suffix', { 'gen_ai.provider.name': 'google.generative-ai' }, { provider: 'google' }],
  ['a provider whose dot belongs to it', { 'gen_ai.provider.name': 'aws.bedrock' }, { provider: 'aws.bedrock' }],
  ['nothing of GenAI', { 'http.request.method': 'GET' }, { kind: 'other', usageReported: false, input: undefined }],
]

describe('documented attributes', () => {
  test.each(documented)('%s', (_vocabulary, attributes, expected) => {
    expect(mapAttributes(attributes)).toMatchObject(expected)
  })

  test('messages in span events, as older emitters send them', () => {
    const span = mapAttributes(
      { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' },
      {
        events: [
          { timeNs: 1n, name: 'gen_ai.system.message', attributes: new Map([['content', 'You are terse.']]) },
          { timeNs: 2n, name: 'gen_ai.user.message', attributes: new Map([['content', 'hi']]) },
          {
            timeNs: 3n,
            name: 'gen_ai.choice',
            attributes: new Map([
              ['message', '{"content":"hello"}'],
              ['finish_reason', 'stop'],
            ]),
          },
        ],
      },
    )
    expect(span.inputMessages).toEqual([system, { role: 'user', parts: [{ type: 'text', content: 'hi' }] }])
    expect(span.outputMessages).toEqual([{ role: 'assistant', parts: [{ type: 'text', content: 'hello' }], finish_reason: 'stop' }])
  })

  test('LangSmith: an exception is an error, whatever the status says', () => {
    const exception = { timeNs: 1n, name: 'exception', attributes: new Map([['exception.message', 'too long']]) }
    const span = mapAttributes({ 'langsmith.span.kind': 'llm' }, { statusCode: 1, events: [exception] })
    expect(span).toMatchObject({ status: 'error', errorMessage: 'too long' })
    expect(mapAttributes({}, { statusCode: 1, events: [exception] }).status).toBe('ok')
  })

  test('Traceloop on Anthropic: input leaves the cache out, and so does the total', () => {
    const attributes = new Map<string, AttributeValue>([
      ['gen_ai.provider.name', 'anthropic'],
      ['gen_ai.usage.input_tokens', 500],
      ['gen_ai.usage.output_tokens', 103],
      ['gen_ai.usage.total_tokens', 603],
      ['gen_ai.usage.cache_read.input_tokens', 128],
    ])
    const resource = readResourceContext(new Map(), '')
    const scope = { name: '@traceloop/instrumentation-anthropic', version: '1', attributes: new Map() }
    const span = mapSpan({ ...makeSpan({}), attributes }, resource, scope)
    expect(span.usage).toMatchObject({ input: 500, cacheRead: 128, output: 103, total: 731 })
  })

  test('two vocabularies on one span are read once, the best first', () => {
    const span = mapAttributes({
      'openinference.span.kind': 'LLM',
      'llm.token_count.prompt': 99,
      'gen_ai.usage.input_tokens': 10,
      'gen_ai.usage.output_tokens': 2,
      'llm.token_count.completion': 88,
    })
    expect(span.usage.total).toBe(12)
  })

  test('originals are kept: 64-bit integers, bytes, and values that are not numbers', () => {
    const { original } = mapAttributes({
      big: 9007199254740993n,
      raw: new Uint8Array([1, 2]),
      nan: Number.NaN,
      nul: 'a\0b',
      __proto__x: true,
      half: '\ud800',
    })
    expect(JSON.parse(writeAttributes(original.attributes))).toEqual({
      big: { $cairn: 'bigint', v: '9007199254740993' },
      raw: { $cairn: 'bytes', v: 'AQI=' },
      nan: { $cairn: 'number', v: 'NaN' },
      nul: 'a\0b',
      __proto__x: true,
      half: '�',
    })
  })

  test('a span that ends before it starts is kept, with a note', () => {
    const span = mapAttributes({}, { endNs: 1n })
    expect(span.endNs).toBe(span.startNs)
    expect(span.notes).toEqual(['ends_before_it_starts'])
  })
})
