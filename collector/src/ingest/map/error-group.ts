import { createHash } from 'node:crypto'

/** What varies between two errors of one cause, in the order in which it is replaced. */
const VARYING: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/\bworker (?:on \S+ \(process \d+\)|\S+)(?= is gone| lives)/g, 'worker <id>'],
  [/https?:\/\/[^\s"'<>]+/g, '<url>'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<id>'],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\b0x[0-9a-f]+\b/gi, '<hex>'],
  [/"(?:[^"\\]|\\.)*"|(?<!\w)'(?:[^'\\]|\\.)*'(?!\w)|`[^`]*`/g, '<text>'],
  [/\b(?=[a-z_-]*\d)[0-9a-z]+(?:[_-][0-9a-z]+)*[_-](?=[0-9a-z]*\d)[0-9a-z]{6,}\b/gi, '<id>'],
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, '<hex>'],
  [/-?\d+(?:[.,]\d+)*/g, '<n>'],
]
/** As much of a message as is stored with a span, so that its fingerprint can be made again. */
const LONGEST = 1_000

/** An expression of a project, whose matches are replaced before what varies anyhow is. It takes linear time. */
export interface OwnPattern {
  readonly replacement: string
  /** Begins and ends of its matches, none of them empty. */
  find(text: string): [from: number, to: number][]
}

/** What counts in a fingerprint, beside the type. */
export interface GroupingRules {
  readonly message: boolean
  readonly step: boolean
  readonly agent: boolean
  readonly patterns: readonly OwnPattern[]
}

export const USUAL_RULES: GroupingRules = Object.freeze({ message: true, step: true, agent: true, patterns: [] })

/** The shape of a message: its first lines without numbers, ids and quoted parts. */
export function normaliseMessage(message: string, own: readonly OwnPattern[] = []): string {
  let shape = message.slice(0, LONGEST)
  for (const { find, replacement } of own) shape = replaceAt(shape, find(shape), replacement)
  for (const [pattern, replacement] of VARYING) shape = shape.replace(pattern, replacement)
  return shape.replace(/\s+/g, ' ').trim()
}

function replaceAt(text: string, matches: readonly [number, number][], replacement: string): string {
  let out = ''
  let at = 0
  for (const [from, to] of matches) {
    out += text.slice(at, from) + replacement
    at = to
  }
  return out + text.slice(at)
}

/** A piece of a normalised message, and the text that it stands for where it was replaced. */
interface Piece {
  readonly text: string
  readonly replaced: string | null
}

/** The normalised message in pieces, to show what was replaced: their texts together are it, but for white space. */
export function explainMessage(message: string, own: readonly OwnPattern[] = []): Piece[] {
  let pieces: Piece[] = [{ text: message.slice(0, LONGEST), replaced: null }]
  const textOf = () => pieces.map((piece) => piece.text).join('')
  for (const { find, replacement } of own) pieces = replacePieces(pieces, find(textOf()), replacement)
  for (const [pattern, replacement] of VARYING) {
    const matches = [...textOf().matchAll(pattern)].map(({ index, 0: { length } }): [number, number] => [index, index + length])
    pieces = replacePieces(pieces, matches, replacement)
  }
  return pieces.map(({ text, replaced }) => ({ text: text.replace(/\s+/g, ' '), replaced }))
}

/** Matches are in order. One that reaches into a piece that was replaced before takes all that this stands for. */
function replacePieces(pieces: readonly Piece[], matches: readonly [number, number][], replacement: string): Piece[] {
  const out: Piece[] = []
  let match = 0
  let begin = 0
  let covered = ''
  for (const piece of pieces) {
    const end = begin + piece.text.length
    let at = begin
    let original = piece.replaced
    const take = (to: number): string => {
      const text = original ?? piece.text.slice(at - begin, to - begin)
      if (original !== null) original = ''
      at = to
      return text
    }
    for (let next = matches[match]; next !== undefined && next[0] < end; next = matches[match]) {
      if (next[0] > at)
        out.push({ text: piece.text.slice(at - begin, next[0] - begin), replaced: piece.replaced === null ? null : take(next[0]) })
      at = Math.max(at, next[0])
      covered += take(Math.min(end, next[1]))
      if (next[1] > end) break
      out.push({ text: replacement, replaced: covered })
      covered = ''
      match += 1
    }
    if (at < end) out.push({ text: piece.text.slice(at - begin), replaced: piece.replaced === null ? null : take(end) })
    begin = end
  }
  return out
}

export interface ErrorCause {
  readonly type: string
  readonly message: string
  readonly agent: string
  /** Step key or, without one, the span's name. */
  readonly step: string
}

/** In the place of a part that doesn't count. */
const ANY = '\u0001'

/** Fingerprint of a cause: 16 hexadecimal digits, the same for errors that differ only in what varies. */
export function fingerprintError(cause: ErrorCause, rules: GroupingRules = USUAL_RULES): string {
  const message = rules.message ? normaliseMessage(cause.message, rules.patterns) : ANY
  const shape = [cause.type, message, rules.agent ? cause.agent : ANY, rules.step ? normaliseStep(cause.step) : ANY].join('\0')
  return createHash('sha256').update(shape).digest('hex').slice(0, 16)
}

/** Fan-out gives each item a key (`search/17`, `search#2`): one cause, whichever item it hit. */
export function normaliseStep(step: string): string {
  return step.replace(/#\d+$/, '').replace(/\d+/g, '<n>')
}
