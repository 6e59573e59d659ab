import type { Place } from './ast.ts'

/** A piece of a query between spaces: `-field:value,"other value"`, or a word or phrase. */
export interface Piece {
  readonly place: Place
  readonly negated: boolean
  /** What stands before the first colon; undefined in a word or phrase. */
  readonly field: { readonly text: string; readonly place: Place } | undefined
  readonly values: readonly PieceValue[]
}

export interface PieceValue {
  readonly text: string
  readonly quoted: boolean
  /** A quote that begins and does not end. */
  readonly isOpen: boolean
  readonly place: Place
}

const isSpace = (char: string | undefined): boolean => char === undefined || /\s/.test(char)

/** Cuts a query into its pieces. Every text is some. */
export function scan(text: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  while (at < text.length) {
    if (isSpace(text[at])) at++
    else {
      const piece = scanPiece(text, at)
      pieces.push(piece)
      at = piece.place[1]
    }
  }
  return pieces
}

const FIELD = /[A-Za-z_][\w.-]*:/y

function scanPiece(text: string, from: number): Piece {
  const negated = text[from] === '-' && !isSpace(text[from + 1])
  const start = negated ? from + 1 : from
  FIELD.lastIndex = start
  const name = FIELD.exec(text)?.[0]
  if (name === undefined) {
    const value = scanValue(text, start, false)
    return { place: [from, value.place[1]], negated, field: undefined, values: [value] }
  }
  const values: PieceValue[] = []
  let at = start + name.length
  for (;;) {
    const value = scanValue(text, at, true)
    values.push(value)
    at = value.place[1]
    if (text[at] !== ',') break
    at++
  }
  return { place: [from, at], negated, field: { text: name.slice(0, -1), place: [start, start + name.length] }, values }
}

/** A bare value ends at a space and, in a list, at a comma; a quoted one at its quote. */
function scanValue(text: string, from: number, inList: boolean): PieceValue {
  if (text[from] === '"') {
    let value = ''
    for (let at = from + 1; at < text.length; at++) {
      const char = text[at] ?? ''
      if (char === '"') return { text: value, quoted: true, isOpen: false, place: [from, at + 1] }
      if (char === '\\' && at + 1 < text.length) value += text[++at] ?? ''
      else value += char
    }
    return { text: value, quoted: true, isOpen: true, place: [from, text.length] }
  }
  let to = from
  while (!isSpace(text[to]) && !(inList && text[to] === ',') && !(text[to] === '"' && to > from)) to++
  return { text: text.slice(from, to), quoted: false, isOpen: false, place: [from, to] }
}
