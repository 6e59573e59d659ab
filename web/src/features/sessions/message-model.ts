import type { Piece } from './conversation-model'

export interface ShownMessage {
  readonly key: string
  readonly role: string
  readonly from: Piece['from']
  /** What ContentView draws: the message's parts, or the value. */
  readonly value: unknown
  readonly isCut: boolean
}

interface Text {
  readonly text: string
  readonly isCut: boolean
}

/** Messages of a turn in order. What it sends again as its history, and what came out as it went in, is left out. */
export function toMessages(pieces: readonly Piece[], texts: Readonly<Record<string, Text>>, hasHistory: boolean): ShownMessage[] {
  let answered = hasHistory
  const shown: ShownMessage[] = []
  for (const piece of pieces) {
    const text = texts[piece.key]
    if (text === undefined) continue
    const value = text.isCut ? text.text : parse(text.text)
    const role = roleOf(value) ?? (piece.from === 'output' ? 'assistant' : piece.from === 'system' ? 'system' : 'user')
    const isHistory = piece.from === 'input' && answered && (role === 'assistant' || role === 'model' || role === 'ai')
    if (piece.from === 'output') answered = true
    if (!isHistory) shown.push({ key: piece.key, role, from: piece.from, value: contentOf(value), isCut: text.isCut })
  }
  return shown
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const roleOf = (value: unknown): string | undefined =>
  isRecord(value) && typeof value.role === 'string' ? value.role.toLowerCase() : undefined

/** Of a message with a role its parts or content; a text as a part, so that it is drawn as prose. */
function contentOf(value: unknown): unknown {
  if (typeof value === 'string') return [{ type: 'text', text: value }]
  if (!isRecord(value) || roleOf(value) === undefined) return value
  return [value]
}
