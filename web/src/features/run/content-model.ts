import { decodeValue, type JsonValue } from '@cairn/sdk/protocol'

export interface Part {
  readonly type?: string
  readonly id?: unknown
  readonly content?: unknown
  readonly text?: unknown
  readonly name?: unknown
  readonly arguments?: unknown
  readonly result?: unknown
  readonly response?: unknown
}

export interface ChatMessage {
  readonly role: string
  readonly parts?: readonly Part[]
  readonly content?: unknown
}

export const isMessage = (value: unknown): value is ChatMessage =>
  typeof value === 'object' &&
  value !== null &&
  'role' in value &&
  typeof value.role === 'string' &&
  ('parts' in value || 'content' in value)

/** The messages of a value; null where it is something else. */
export function messagesOf(value: unknown): readonly ChatMessage[] | null {
  const list = Array.isArray(value) ? value : [value]
  return list.length > 0 && list.every(isMessage) ? list : null
}

/** Dates, maps and the like as what they are; what can't be shown so stays as it was sent. */
export function toShown(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  const known = decoded.get(value)
  if (known !== undefined) return known
  const shown = decodeOr(value)
  if (shown !== null && typeof shown === 'object') decoded.set(value, shown)
  return shown
}

/** A tree remembers by identity what is open: the same value has the same decoded one. */
const decoded = new WeakMap<object, object>()

function decodeOr(value: object): unknown {
  try {
    return decodeValue(value as JsonValue)
  } catch {
    return value
  }
}

export const isCallPart = (part: Part) => part.type === 'tool_call' || part.type === 'tool_use'
export const isResultPart = (part: Part) => part.type === 'tool_call_response' || part.type === 'tool_result'
export const resultOf = (part: Part) => part.response ?? part.result ?? part.content ?? null
/** Under which field of it the result lies. */
export const resultField = (part: Part) =>
  part.response !== undefined && part.response !== null
    ? 'response'
    : part.result !== undefined && part.result !== null
      ? 'result'
      : 'content'
export const textOf = (part: Part): string | null => {
  const text = part.content ?? part.text
  return typeof text === 'string' ? text : null
}
