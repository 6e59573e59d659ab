import { SENT_TEXT_MARK, type SentPiece } from '@cairn/clickhouse'
import { toJson, writeAttributes } from '../map/to-json.ts'
import type { Attributes, AttributeValue } from '../otlp/types.ts'
import type { Address } from './content-address.ts'
import { cutElements } from './cut-elements.ts'

/** In characters. Below it a reference and its row in `contents` take more than they save. */
const LONG_VALUE = 256
const LONG_ELEMENT = 200

export interface SentParts {
  readonly input: Address
  readonly output: Address
  /** Stores a text with the conversation and gives its hash. */
  readonly addText: (text: string) => string
}

/**
 * All attributes as they were sent, as JSON. Of long values the messages (and other objects in lists) are stored apart: a conversation
 * sends them again with every turn.
 */
export const writeSentAttributes = (attributes: Attributes, parts: SentParts): string =>
  writeAttributes(attributes, (value) => writeLong(value, parts))

function writeLong(value: AttributeValue, parts: SentParts): string | undefined {
  if (typeof value === 'string') return value.length < LONG_VALUE ? undefined : writeLongText(value, parts)
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return undefined
  const json = JSON.stringify(toJson(value))
  // What would be taken for ours is set apart.
  if (value instanceof Map && value.get('$cairn') === 'contents') return `{"$cairn":"map","v":${json}}`
  const pieces = json.length < LONG_VALUE ? undefined : cut(json, parts)
  return pieces === undefined ? json : `${SENT_TEXT_MARK}"as":"json","v":${JSON.stringify(pieces)}}`
}

function writeLongText(text: string, parts: SentParts): string | undefined {
  const pieces = asAddress(text, 'input', parts.input) ?? asAddress(text, 'output', parts.output) ?? cut(text, parts) ?? whole(text, parts)
  return pieces === undefined ? undefined : `${SENT_TEXT_MARK}"v":${JSON.stringify(pieces)}}`
}

function asAddress(text: string, of: 'input' | 'output', { sent }: Address): SentPiece[] | undefined {
  if (sent?.text !== text) return undefined
  if (sent.as === 'list') return ['[', { of, sep: sent.separator }, ']']
  return sent.as === 'json' ? [{ of, sep: '' }] : [{ of }]
}

function cut(text: string, { addText }: SentParts): SentPiece[] | undefined {
  const first = text.charCodeAt(0)
  // [ {
  if ((first !== 0x5b && first !== 0x7b) || !text.isWellFormed()) return undefined
  const pieces = cutElements(text, LONG_ELEMENT)
  return pieces.length === 1 ? undefined : pieces.map((piece, i) => (i % 2 === 0 ? piece : { h: addText(piece) }))
}

const whole = (text: string, { addText }: SentParts): SentPiece[] | undefined => (text.isWellFormed() ? [{ h: addText(text) }] : undefined)
