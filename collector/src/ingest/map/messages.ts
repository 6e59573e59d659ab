import type { JsonValue } from '@cairn/sdk/protocol'
import { isJsonObject, parseJsonText } from './to-json.ts'

export type Message = { [key: string]: JsonValue }

/**
 * Messages of any vocabulary in the shape of the GenAI conventions: `{ role, parts: [{ type, … }], finish_reason? }`.
 * Null if the value is no list of messages.
 */
export function toMessages(value: JsonValue, defaultRole: string): Message[] | null {
  const list = findList(value)
  if (list === null || list.length === 0) return null
  const messages: Message[] = []
  for (const item of list) {
    const message = isJsonObject(item) ? toMessage(isJsonObject(item.message) ? withFinish(item.message, item) : item, defaultRole) : null
    if (message === null) return null
    messages.push(message)
  }
  return messages
}

/** Keys under which a request or an answer of a provider holds its messages. */
const LIST_KEYS = ['messages', 'choices'] as const

function findList(value: JsonValue): JsonValue[] | null {
  if (Array.isArray(value)) return value
  if (!isJsonObject(value)) return null
  const list = LIST_KEYS.map((key) => value[key]).find(Array.isArray)
  return list ?? (typeof value.role === 'string' ? [value] : null)
}

/** A choice has its reason beside its message. */
function withFinish(message: Record<string, JsonValue>, choice: Record<string, JsonValue>): Record<string, JsonValue> {
  return typeof choice.finish_reason === 'string' ? { finish_reason: choice.finish_reason, ...message } : message
}

function toMessage(item: Record<string, JsonValue>, defaultRole: string): Message | null {
  const role = typeof item.role === 'string' ? item.role : undefined
  if (Array.isArray(item.parts)) return { ...item, role: role ?? defaultRole }
  const content = item.content ?? item.contents
  const toolCalls = item.tool_calls ?? item.toolCalls
  if (role === undefined && content === undefined && toolCalls === undefined) return null
  const toolCallId = item.tool_call_id ?? item.toolCallId
  const parts =
    toolCallId !== undefined && toolCallId !== null
      ? [{ type: 'tool_call_response', id: toolCallId, response: content ?? null }]
      : [...toParts(content), ...toToolCalls(toolCalls)]
  const message: Message = { role: role ?? defaultRole, parts }
  const finish = item.finish_reason ?? item.finishReason
  if (typeof finish === 'string') message.finish_reason = finish
  if (typeof item.name === 'string') message.name = item.name
  return message
}

function toParts(content: JsonValue | undefined): JsonValue[] {
  if (content === undefined || content === null || content === '') return []
  const parsed = typeof content === 'string' && content.startsWith('[{') ? parseJsonText(content) : content
  if (Array.isArray(parsed)) return parsed.map(toPart)
  return [typeof parsed === 'string' ? { type: 'text', content: parsed } : { type: 'text', content: JSON.stringify(parsed) }]
}

/** One block of content, as OpenAI, Anthropic, the AI SDK and OpenInference name it. */
function toPart(block: JsonValue): JsonValue {
  if (typeof block === 'string') return { type: 'text', content: block }
  if (!isJsonObject(block)) return { type: 'text', content: JSON.stringify(block) }
  const inner = isJsonObject(block.message_content) ? block.message_content : block
  switch (inner.type) {
    case 'text':
    case 'input_text':
    case 'output_text':
      return { type: 'text', content: inner.content ?? inner.text ?? '' }
    case 'reasoning':
    case 'thinking':
      return { type: 'reasoning', content: inner.content ?? inner.text ?? inner.thinking ?? '' }
    case 'tool_use':
    case 'tool-call':
      return {
        type: 'tool_call',
        id: inner.id ?? inner.toolCallId ?? null,
        name: inner.name ?? inner.toolName ?? '',
        arguments: inner.input ?? inner.args ?? null,
      }
    case 'tool_result':
    case 'tool-result':
      return {
        type: 'tool_call_response',
        id: inner.tool_use_id ?? inner.toolCallId ?? null,
        response: inner.content ?? inner.output ?? inner.result ?? null,
      }
    default:
      return inner
  }
}

function toToolCalls(calls: JsonValue | undefined): JsonValue[] {
  if (!Array.isArray(calls)) return []
  return calls.map((call) => {
    const inner = isJsonObject(call) ? (isJsonObject(call.tool_call) ? call.tool_call : call) : {}
    const called = isJsonObject(inner.function) ? inner.function : inner
    return {
      type: 'tool_call',
      id: inner.id ?? inner.toolCallId ?? null,
      name: called.name ?? inner.toolName ?? '',
      arguments: parseJsonText(called.arguments ?? inner.input ?? inner.args ?? null),
    }
  })
}

/** The text of a message's parts, for previews. */
export function messageText(message: Message): string {
  if (!Array.isArray(message.parts)) return ''
  return message.parts
    .map((part) => {
      if (!isJsonObject(part)) return ''
      if (part.type === 'text') return typeof part.content === 'string' ? part.content : ''
      if (part.type === 'tool_call') return `${String(part.name)}(${JSON.stringify(part.arguments ?? null)})`
      if (part.type === 'tool_call_response') return JSON.stringify(part.response ?? part.result ?? null)
      return ''
    })
    .filter((text) => text !== '')
    .join('\n')
}
