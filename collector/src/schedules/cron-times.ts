import { Cron } from 'croner'
import { CollectorError } from '../errors.ts'

/** The times of a cron expression in a zone. */
export interface CronTimes {
  /** The first time after this one; null: none. */
  next(after: Date): Date | null
  /** The last time up to this one; null: none. */
  last(until: Date): Date | null
}

/** @throws {CollectorError} `invalid_request`, naming the field of the body */
export function cronTimes(cron: string, timezone: string): CronTimes {
  if (!isTimeZone(timezone))
    throw invalid(`body.timezone: "${timezone}" is not a time zone: use an IANA name such as "Europe/Berlin", or "UTC".`)
  const times = parse(cron, timezone)
  return {
    next: (after) => times.nextRun(after),
    // Times are whole seconds, and croner gives those before the one asked about.
    last: (until) => times.previousRuns(1, new Date(Math.floor(until.getTime() / 1_000) * 1_000 + 1_000))[0] ?? null,
  }
}

function parse(cron: string, timezone: string): Cron {
  // croner also takes a single date, which is not a schedule.
  if (/^\s*\d{4}-/.test(cron)) throw notCron(cron, 'it is a date; start a run with runAt instead')
  try {
    return new Cron(cron, { timezone, paused: true })
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : 'it does not parse'
    throw notCron(cron, why, error)
  }
}

const notCron = (cron: string, why: string, cause?: unknown) =>
  invalid(`body.cron: "${cron}" is not a cron expression (${why}): use minute, hour, day, month, weekday, as in "0 3 * * 1-5".`, cause)

const invalid = (message: string, cause?: unknown) => new CollectorError('invalid_request', message, { cause })

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
