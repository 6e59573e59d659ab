import { z } from 'zod'
import { type Answer, type Ask, pieces } from './answer.ts'
import { hashText } from './prose.ts'

const Block = z.looseObject({ type: z.string(), text: z.string().optional(), content: z.unknown().optional() })
const Content = z.union([z.string(), z.array(Block)])

export const MessagesRequest = z.looseObject({
  model: z.string(),
  max_tokens: z.number().int().positive(),
  system: Content.optional(),
  messages: z.array(z.looseObject({ role: z.string(), content: Content })).min(1),
  stream: z.boolean().optional(),
  tools: z.array(z.looseObject({ name: z.string() })).optional(),
})

const textOf = (content: z.infer<typeof Content>): string =>
  typeof content === 'string'
    ? content
    : content
        .map((block) => (block.type === 'tool_result' ? `TOOL RESULT ${JSON.stringify(block.content)}` : (block.text ?? '')))
        .join('\n')

export const askOfMessages = (request: z.infer<typeof MessagesRequest>): Ask => ({
  model: request.model,
  system: request.system === undefined ? '' : textOf(request.system),
  prompt: request.messages.map((message) => textOf(message.content)).join('\n'),
  tools: (request.tools ?? []).map((tool) => tool.name),
})

/** Anthropic counts cached tokens apart from `input_tokens`. */
const usage = ({ tokens }: Answer) => ({
  input_tokens: tokens.input - tokens.cached - tokens.cacheWritten,
  cache_creation_input_tokens: tokens.cacheWritten,
  cache_read_input_tokens: tokens.cached,
  cache_creation: { ephemeral_5m_input_tokens: tokens.cacheWritten, ephemeral_1h_input_tokens: 0 },
  output_tokens: tokens.output,
  service_tier: 'standard',
})

const blocks = (answer: Answer) =>
  answer.toolCall === null
    ? [{ type: 'text', text: answer.text }]
    : [{ type: 'tool_use', id: answer.toolCall.id, name: answer.toolCall.name, input: JSON.parse(answer.toolCall.arguments) }]

export const messagesAnswer = (ask: Ask, answer: Answer) => ({
  id: `msg_${hashText(ask.model + ask.system + ask.prompt)
    .toString(16)
    .padStart(8, '0')}`,
  type: 'message',
  role: 'assistant',
  model: ask.model,
  content: blocks(answer),
  stop_reason: answer.toolCall === null ? 'end_turn' : 'tool_use',
  stop_sequence: null,
  usage: usage(answer),
})

/** Events of a streamed message, in order. */
export function messagesEvents(ask: Ask, answer: Answer): { type: string }[] {
  const whole = messagesAnswer(ask, answer)
  const start = answer.toolCall === null ? { type: 'text', text: '' } : { ...whole.content[0], input: {} }
  const deltas =
    answer.toolCall === null
      ? pieces(answer.text).map((text) => ({ type: 'text_delta', text }))
      : [{ type: 'input_json_delta', partial_json: answer.toolCall.arguments }]
  return [
    { type: 'message_start', message: { ...whole, content: [], stop_reason: null, usage: { ...whole.usage, output_tokens: 1 } } },
    { type: 'content_block_start', index: 0, content_block: start },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index: 0, delta })),
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: whole.stop_reason, stop_sequence: null },
      usage: { output_tokens: whole.usage.output_tokens },
    },
    { type: 'message_stop' },
  ] as { type: string }[]
}
