import { createHash } from 'node:crypto'
import type { JsonValue } from '@cairn/sdk/protocol'
import { type Message, toMessages } from '../ingest/map/messages.ts'
import { isJsonObject, parseJsonText } from '../ingest/map/to-json.ts'

/**
 * What a message says, as a hash: the same for an answer and for that answer sent back as history, though ids, reasons to stop,
 * reasoning and marks for a provider's cache come and go between them.
 */
export function canonicalHash(message: Message): string {
  const parts = Array.isArray(message.parts) ? message.parts : []
  const said = parts.some((part) => !isReasoning(part)) ? parts.filter((part) => !isReasoning(part)) : parts
  const joined: JsonValue[] = []
  for (const part of said.map(canonicalPart)) {
    const last = joined.at(-1)
    // Texts side by side are one text in other vocabularies.
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part
    else joined.push(part)
  }
  return createHash('sha256')
    .update(JSON.stringify([String(message.role), joined.map((part) => (typeof part === 'string' ? part.trim() : part))]))
    .digest('hex')
    .slice(0, 32)
}

/** The same of a message's stored text. */
export function canonicalHashOf(text: string, role: string): string {
  const stored = parseJsonText(text)
  const [message] = toMessages([stored], role) ?? []
  return canonicalHash(message ?? { role, parts: [{ type: 'text', content: stored }] })
}

const isReasoning = (part: JsonValue): boolean => isJsonObject(part) && (part.type === 'reasoning' || part.type === 'thinking')

function canonicalPart(part: JsonValue): JsonValue {
  if (!isJsonObject(part)) return part
  if (part.type === 'text') return typeof part.content === 'string' ? part.content : ['text', part.content ?? part.text ?? null]
  if (part.type === 'tool_call') return ['call', part.name ?? '', parseJsonText(part.arguments ?? null)]
  if (part.type === 'tool_call_response') return ['result', plainResult(part.response ?? part.result ?? null)]
  const { cache_control, ...rest } = part
  return rest
}

/** A result is a text, JSON in a text, or a list of one text. */
function plainResult(result: JsonValue): JsonValue {
  const parsed = parseJsonText(result)
  const [only] = Array.isArray(parsed) && parsed.length === 1 ? parsed : []
  return isJsonObject(only) && only.type === 'text' ? parseJsonText(only.text ?? only.content ?? null) : parsed
}
