import type { Piece } from './conversation-model'
import { parseCutJson } from './cut-json'

export interface ShownMessage {
  readonly key: string
  readonly role: string
  readonly from: Piece['from']
  /** What ContentView draws: the message's parts, or the value. */
  readonly value: unknown
  readonly isCut: boolean
  /** Where all of it is. */
  readonly spanId: string
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
    const value = text.isCut ? (parseCutJson(text.text) ?? text.text) : parse(text.text)
    const role = roleOf(value) ?? (piece.from === 'output' ? 'assistant' : piece.from === 'system' ? 'system' : 'user')
    const isHistory = piece.from === 'input' && answered && (role === 'assistant' || role === 'model' || role === 'ai')
    if (piece.from === 'output') answered = true
    const { key, from, spanId } = piece
    if (!isHistory) shown.push({ key, role, from, value: contentOf(value, text.isCut ? role : undefined), isCut: text.isCut, spanId })
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

/** Of a message with a role its parts or content; a text as a part, so that it is drawn as prose. The role of a cut one may be in the rest. */
function contentOf(value: unknown, cutRole: string | undefined): unknown {
  if (typeof value === 'string') return [cutRole === undefined ? textPart(value) : { role: cutRole, parts: [textPart(value)] }]
  if (!isRecord(value)) return value
  if (roleOf(value) !== undefined) return [value]
  return cutRole !== undefined && ('parts' in value || 'content' in value) ? [{ ...value, role: cutRole }] : value
}

const textPart = (text: string) => ({ type: 'text', text })
