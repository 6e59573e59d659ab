import { z } from 'zod'
import { type Answer, type Ask, datedModel, pieces, type Tokens } from './answer.ts'
import { hashText } from './prose.ts'

const content = z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() })), z.null()]).optional()
const Message = z.looseObject({ role: z.string().optional(), content, output: z.unknown().optional() })
const Tool = z.looseObject({ name: z.string().optional(), function: z.looseObject({ name: z.string() }).optional() })

export const ChatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(Message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  tools: z.array(Tool).optional(),
})
export const ResponsesRequest = z.looseObject({
  model: z.string(),
  input: z.union([z.string(), z.array(Message)]),
  instructions: z.string().nullish(),
  stream: z.boolean().nullish(),
  tools: z.array(Tool).optional(),
})

const textOf = (message: z.infer<typeof Message>): string => {
  if (typeof message.content === 'string') return message.content
  const parts = (message.content ?? []).map((part) => part.text ?? '').join('\n')
  return message.role === 'tool' || message.output !== undefined ? `TOOL RESULT ${parts} ${String(message.output ?? '')}` : parts
}
const isSystem = (message: z.infer<typeof Message>) => message.role === 'system' || message.role === 'developer'
const toolNames = (tools: z.infer<typeof Tool>[] | undefined) => (tools ?? []).flatMap((tool) => tool.function?.name ?? tool.name ?? [])

function toAsk(model: string, messages: z.infer<typeof Message>[], tools: z.infer<typeof Tool>[] | undefined): Ask {
  const marked = messages.map((m) => (m.role === 'tool' ? `TOOL RESULT ${textOf(m)}` : textOf(m)))
  return {
    model,
    system: messages.filter(isSystem).map(textOf).join('\n'),
    prompt: marked.filter((_, i) => !isSystem(messages[i] ?? {})).join('\n'),
    tools: toolNames(tools),
  }
}

export const askOfChat = (request: z.infer<typeof ChatRequest>): Ask => toAsk(request.model, request.messages, request.tools)

export const askOfResponses = (request: z.infer<typeof ResponsesRequest>): Ask => {
  const messages = typeof request.input === 'string' ? [{ role: 'user', content: request.input }] : request.input
  const system = request.instructions ? [{ role: 'system', content: request.instructions }] : []
  return toAsk(request.model, [...system, ...messages], request.tools)
}

const idOf = (prefix: string, ask: Ask) =>
  `${prefix}${hashText(ask.model + ask.system + ask.prompt)
    .toString(16)
    .padStart(8, '0')}`

const chatUsage = (tokens: Tokens) => ({
  prompt_tokens: tokens.input,
  completion_tokens: tokens.output,
  total_tokens: tokens.input + tokens.output,
  prompt_tokens_details: { cached_tokens: tokens.cached, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: tokens.reasoning,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
})

const toolCalls = (answer: Answer) =>
  answer.toolCall === null
    ? {}
    : {
        tool_calls: [
          { id: answer.toolCall.id, type: 'function', function: { name: answer.toolCall.name, arguments: answer.toolCall.arguments } },
        ],
      }

const finish = (answer: Answer) => (answer.toolCall === null ? 'stop' : 'tool_calls')
const CREATED = 1_780_000_000

export const chatAnswer = (ask: Ask, answer: Answer) => ({
  id: idOf('chatcmpl-', ask),
  object: 'chat.completion',
  created: CREATED,
  model: datedModel(ask.model),
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: answer.toolCall === null ? answer.text : null, refusal: null, ...toolCalls(answer) },
      logprobs: null,
      finish_reason: finish(answer),
    },
  ],
  usage: chatUsage(answer.tokens),
  service_tier: 'default',
})

/** Events of a streamed chat completion, in order. */
export function chatEvents(ask: Ask, answer: Answer, includeUsage: boolean): unknown[] {
  const base = { id: idOf('chatcmpl-', ask), object: 'chat.completion.chunk', created: CREATED, model: datedModel(ask.model) }
  const chunk = (delta: object, finishReason: string | null = null) => ({
    ...base,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
    ...(includeUsage ? { usage: null } : {}),
  })
  const calls = answer.toolCall === null ? [] : [chunk({ tool_calls: [{ index: 0, ...toolCalls(answer).tool_calls?.[0] }] })]
  return [
    chunk({ role: 'assistant', content: '' }),
    ...pieces(answer.text).map((piece) => chunk({ content: piece })),
    ...calls,
    chunk({}, finish(answer)),
    ...(includeUsage ? [{ ...base, choices: [], usage: chatUsage(answer.tokens) }] : []),
  ]
}

const outputItems = (ask: Ask, answer: Answer) => [
  ...(answer.tokens.reasoning > 0 ? [{ id: idOf('rs_', ask), type: 'reasoning', summary: [] }] : []),
  answer.toolCall === null
    ? {
        id: idOf('msg_', ask),
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text: answer.text, annotations: [], logprobs: [] }],
      }
    : {
        id: idOf('fc_', ask),
        type: 'function_call',
        status: 'completed',
        call_id: answer.toolCall.id,
        name: answer.toolCall.name,
        arguments: answer.toolCall.arguments,
      },
]

export const responsesAnswer = (ask: Ask, answer: Answer) => ({
  id: idOf('resp_', ask),
  object: 'response',
  created_at: CREATED,
  status: 'completed',
  error: null,
  incomplete_details: null,
  instructions: ask.system || null,
  model: datedModel(ask.model),
  output: outputItems(ask, answer),
  parallel_tool_calls: true,
  tool_choice: 'auto',
  tools: [],
  usage: {
    input_tokens: answer.tokens.input,
    input_tokens_details: { cached_tokens: answer.tokens.cached },
    output_tokens: answer.tokens.output,
    output_tokens_details: { reasoning_tokens: answer.tokens.reasoning },
    total_tokens: answer.tokens.input + answer.tokens.output,
  },
})

/** Events of a streamed response, in order. */
export function responsesEvents(ask: Ask, answer: Answer): { type: string }[] {
  const whole = responsesAnswer(ask, answer)
  const index = whole.output.length - 1
  const item = whole.output[index]
  const itemId = idOf('msg_', ask)
  const events: { type: string; [key: string]: unknown }[] = [
    { type: 'response.created', response: { ...whole, status: 'in_progress', output: [], usage: null } },
    {
      type: 'response.output_item.added',
      output_index: index,
      item: { ...item, status: 'in_progress', ...(answer.toolCall ? {} : { content: [] }) },
    },
  ]
  if (answer.toolCall === null) {
    const part = { item_id: itemId, output_index: index, content_index: 0 }
    events.push({ type: 'response.content_part.added', ...part, part: { type: 'output_text', text: '', annotations: [] } })
    for (const delta of pieces(answer.text)) events.push({ type: 'response.output_text.delta', ...part, delta, logprobs: [] })
    events.push({ type: 'response.output_text.done', ...part, text: answer.text, logprobs: [] })
    events.push({ type: 'response.content_part.done', ...part, part: { type: 'output_text', text: answer.text, annotations: [] } })
  }
  events.push({ type: 'response.output_item.done', output_index: index, item })
  events.push({ type: 'response.completed', response: whole })
  return events.map((event, i) => ({ ...event, sequence_number: i }))
}
