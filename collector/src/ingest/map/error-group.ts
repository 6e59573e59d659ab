import { createHash } from 'node:crypto'

/** What varies between two errors of one cause, in the order in which it is replaced. */
const VARYING: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/https?:\/\/[^\s"'<>]+/g, '<url>'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<id>'],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\b0x[0-9a-f]+\b/gi, '<hex>'],
  [/"(?:[^"\\]|\\.)*"|(?<!\w)'(?:[^'\\]|\\.)*'(?!\w)|`[^`]*`/g, '<text>'],
  [/\b(?=[a-z_-]*\d)[0-9a-z]+(?:[_-][0-9a-z]+)*[_-](?=[0-9a-z]*\d)[0-9a-z]{6,}\b/gi, '<id>'],
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, '<hex>'],
  [/-?\d+(?:[.,]\d+)*/g, '<n>'],
]
const LONGEST = 2_000

/** The shape of a message: its first lines without numbers, ids and quoted parts. */
export function normaliseMessage(message: string): string {
  let shape = message.slice(0, LONGEST)
  for (const [pattern, replacement] of VARYING) shape = shape.replace(pattern, replacement)
  return shape.replace(/\s+/g, ' ').trim()
}

export interface ErrorCause {
  readonly type: string
  readonly message: string
  readonly agent: string
  /** Step key or, without one, the span's name. */
  readonly step: string
}

/** Fingerprint of a cause: 16 hexadecimal digits, the same for errors that differ only in what varies. */
export function fingerprintError(cause: ErrorCause): string {
  const shape = [cause.type, normaliseMessage(cause.message), cause.agent, normaliseStep(cause.step)].join('\0')
  return createHash('sha256').update(shape).digest('hex').slice(0, 16)
}

/** Fan-out gives each item a key (`search/17`, `search#2`): one cause, whichever item it hit. */
function normaliseStep(step: string): string {
  return step.replace(/#\d+$/, '').replace(/\d+/g, '<n>')
}
