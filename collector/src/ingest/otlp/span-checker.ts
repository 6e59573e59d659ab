import { IngestError } from '../errors.ts'

/** ClickHouse takes at most 100 partitions in an insert, and these months are only about those of the calendar. */
const MOST_MONTHS = 50
const MONTH_SECONDS = 2_629_746
const HIGH_SECONDS = 2 ** 32 / 1e9

/** What of a request is refused, and why. */
export class SpanChecker {
  readonly refused = new Map<string, number>()
  traceIdIsLegal = false
  spanIdIsLegal = false
  startIsZero = true
  /** Upper 32 bits of the nanoseconds. */
  startHigh = 0
  endHigh = 0
  private readonly months = new Set<number>()
  private lastMonth = -1

  begin(): void {
    this.traceIdIsLegal = false
    this.spanIdIsLegal = false
    this.startIsZero = true
    this.startHigh = 0
    this.endHigh = 0
  }

  end(): void {
    const reason = this.findReason()
    if (reason === null) this.keep(this.startHigh)
    else this.refuse(reason)
  }

  /** @throws {IngestError} `malformed` if spans of so many months can't be stored at once */
  keep(startHigh: number): void {
    const month = Math.floor((startHigh * HIGH_SECONDS) / MONTH_SECONDS)
    if (month === this.lastMonth) return
    this.lastMonth = month
    this.months.add(month)
    if (this.months.size > MOST_MONTHS)
      throw new IngestError('malformed', `A request may hold spans of at most ${MOST_MONTHS} months. Send it in parts.`)
  }

  refuse(reason: string): void {
    this.refused.set(reason, (this.refused.get(reason) ?? 0) + 1)
  }

  private findReason(): string | null {
    if (!this.traceIdIsLegal) return 'trace_id must be 16 bytes, not all zero'
    if (!this.spanIdIsLegal) return 'span_id must be 8 bytes, not all zero'
    if (this.startIsZero) return 'start_time_unix_nano must be set'
    if (this.startHigh >= 2 ** 31 || this.endHigh >= 2 ** 31) return 'times must be before the year 2262'
    return null
  }
}
