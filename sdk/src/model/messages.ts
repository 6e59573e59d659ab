/** A message of the OpenTelemetry GenAI conventions. */
interface GenAiMessage {
  role: string
  parts: unknown[]
  finish_reason?: string
}

type Fields = Record<string, unknown>
const isFields = (v: unknown): v is Fields => v !== null && typeof v === 'object' && !Array.isArray(v)

/** Messages of the OpenAI and Anthropic APIs in the shape of the GenAI conventions; those in it already pass through. */
export function toGenAiMessages(messages: readonly unknown[]): unknown[] {
  return messages.map((message) => {
    if (typeof message === 'string') return { role: 'user', parts: [text(message)] }
    if (!isFields(message) || Array.isArray(message.parts)) return message
    return toGenAiMessage(message)
  })
}

function toGenAiMessage(message: Fields): GenAiMessage {
  const role = typeof message.role === 'string' ? message.role : 'assistant'
  if (role === 'tool') return { role, parts: [{ type: 'tool_call_response', id: message.tool_call_id, response: message.content }] }
  const parts = toParts(message.content)
  if (typeof message.reasoning_content === 'string') parts.unshift({ type: 'reasoning', content: message.reasoning_content })
  if (Array.isArray(message.tool_calls)) parts.push(...message.tool_calls.map(toToolCall))
  return { role, parts }
}

function toParts(content: unknown): unknown[] {
  if (content === null || content === undefined) return []
  if (typeof content === 'string') return [text(content)]
  return Array.isArray(content) ? content.map(toPart) : [{ type: 'json', content }]
}

const text = (content: string): unknown => ({ type: 'text', content })

function toPart(part: unknown): unknown {
  if (typeof part === 'string') return text(part)
  if (!isFields(part)) return { type: 'json', content: part }
  switch (part.type) {
    case 'text':
    case 'input_text':
    case 'output_text':
      return typeof part.text === 'string' ? text(part.text) : part
    case 'thinking':
      return { type: 'reasoning', content: part.thinking }
    case 'tool_use':
      return { type: 'tool_call', id: part.id, name: part.name, arguments: part.input }
    case 'tool_result':
      return { type: 'tool_call_response', id: part.tool_use_id, response: part.content }
    default:
      return part
  }
}

function toToolCall(call: unknown): unknown {
  if (!isFields(call) || !isFields(call.function)) return call
  return { type: 'tool_call', id: call.id, name: call.function.name, arguments: parseJson(call.function.arguments) }
}

function parseJson(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}
