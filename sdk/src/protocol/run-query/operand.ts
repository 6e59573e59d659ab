import type { Operand } from './ast.ts'
import { fieldOf, type RunQueryField } from './fields.ts'

const MS = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const
const DURATION = /^(\d{1,12}(?:\.\d{1,6})?)(ms|s|min|m|h|d|w)$/
const COUNT = /^(\d{1,12}(?:\.\d{1,6})?)([kKM]?)$/
const USD = /^\$?(\d{1,12}(?:\.\d{1,12})?)$/
const DAY = /^\d{4}-\d{2}-\d{2}$/
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/

/** What to write for a kind of value. */
export const HOW_TO_WRITE = {
  text: 'Write a name, in double quotes if it has spaces or commas.',
  usd: 'Write an amount in US dollars: 0.5, >0.5, 0.1..2.',
  duration: 'Write a number with ms, s, m, h or d: >30s, 1m..5m.',
  count: 'Write a whole number, k and M allowed: >10k, 100..2k.',
  time: 'Write an age (<2h: less than 2 hours ago), a day (>2026-01-31) or a time (>2026-01-31T12:00:00Z).',
} as const

/** Decimal text without an exponent. */
const plain = (n: number): string => String(Math.round(n * 1e6) / 1e6)

/** Undefined where the text is none of the field's kind. */
export function readOperand(field: RunQueryField, text: string): Operand | undefined {
  const { kind } = fieldOf(field)
  const of = (value: string | undefined, isTime = false) => (value === undefined ? undefined : { text, value, isTime })
  if (kind === 'usd') return of(USD.exec(text)?.[1])
  if (kind === 'count') {
    const [, number, unit] = COUNT.exec(text) ?? []
    return number === undefined ? undefined : of(plain(Number(number) * (unit === 'M' ? 1_000_000 : unit ? 1_000 : 1)))
  }
  const duration = DURATION.exec(text)
  if (duration !== null) return of(plain(Number(duration[1]) * MS[duration[2] as keyof typeof MS]))
  if (kind !== 'time' || !(DAY.test(text) || TIME.test(text))) return undefined
  const ms = Date.parse(text)
  // A day that is none (February 31) must not become another one.
  if (Number.isNaN(ms) || (DAY.test(text) && new Date(ms).toISOString().slice(0, 10) !== text)) return undefined
  return of(new Date(ms).toISOString(), true)
}
