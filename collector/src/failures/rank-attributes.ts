import type { SeenAttribute } from '@cairn/clickhouse'

/** How many were compared on each side. */
export interface Compared {
  readonly failed: number
  readonly good: number
}

export interface RankedAttribute extends SeenAttribute {
  /** So many times as frequent among the failed. */
  readonly lift: number
  /** That chance makes such a difference or a greater one, times the attributes looked at. */
  readonly p: number
  /** Bits that it tells of whether a run fails. */
  readonly bits: number
}

const MOST_P = 0.2

/** Of a handful of runs no attribute can be proven. Those that part them well are shown all the same, so many, after what is proven. */
const MOST_UNPROVEN = 10
const MOST_OF_FAILED = 0.5
const FEW_OF_GOOD = 0.2

/**
 * Attributes that are more frequent among the failed, the most telling first: by the bits that knowing the attribute takes off the
 * question whether a run fails. What chance explains as well comes last, and only what most of the failed and few of the good have;
 * `looked` attributes were looked at.
 */
export function rankAttributes(rows: readonly SeenAttribute[], of: Compared, looked: number): RankedAttribute[] {
  const ranked = rows
    .map((row) => ({ ...row, ...measure(row, of, looked) }))
    .filter(({ lift }) => lift > 1)
    .sort((a, b) => b.bits - a.bits || a.p - b.p || `${a.attribute}\0${a.value}`.localeCompare(`${b.attribute}\0${b.value}`))
  const unproven = ranked.filter(
    ({ p, failed, good }) => p > MOST_P && failed > MOST_OF_FAILED * of.failed && good <= FEW_OF_GOOD * of.good,
  )
  return [...ranked.filter(({ p }) => p <= MOST_P), ...unproven.slice(0, MOST_UNPROVEN)]
}

function measure({ failed, good }: SeenAttribute, of: Compared, looked: number): Pick<RankedAttribute, 'lift' | 'p' | 'bits'> {
  // Half a run more on each side: one of one against none of two proves little.
  const lift = (failed + 0.5) / (of.failed + 1) / ((good + 0.5) / (of.good + 1))
  return { lift, p: Math.min(1, fisher(failed, good, of) * Math.max(1, looked)), bits: mutualInformation(failed, good, of) }
}

/** Fisher's exact test, one-sided: the chance that of all that have it at least so many are among the failed. */
export function fisher(failed: number, good: number, of: Compared): number {
  const having = failed + good
  const all = of.failed + of.good
  const most = Math.min(having, of.failed)
  const whole = logChoose(all, of.failed)
  let sum = 0
  for (let k = failed; k <= most; k++) sum += Math.exp(logChoose(having, k) + logChoose(all - having, of.failed - k) - whole)
  return Math.min(1, sum)
}

const LOG_FACTORIALS = [0]
function logFactorial(n: number): number {
  for (let k = LOG_FACTORIALS.length; k <= n; k++) LOG_FACTORIALS.push((LOG_FACTORIALS[k - 1] ?? 0) + Math.log(k))
  return LOG_FACTORIALS[n] ?? 0
}

const logChoose = (n: number, k: number): number =>
  k < 0 || k > n ? Number.NEGATIVE_INFINITY : logFactorial(n) - logFactorial(k) - logFactorial(n - k)

/** Of the table of four: with and without, failed and good. The G statistic is 2 N ln 2 times it. */
function mutualInformation(failed: number, good: number, of: Compared): number {
  const all = of.failed + of.good
  const having = failed + good
  const term = (n: number, row: number, column: number) => (n === 0 ? 0 : (n / all) * Math.log2((n * all) / (row * column)))
  return (
    term(failed, having, of.failed) +
    term(good, having, of.good) +
    term(of.failed - failed, all - having, of.failed) +
    term(of.good - good, all - having, of.good)
  )
}
