import { describe, expect, it } from 'vitest'
import { cronTimes } from './cron-times.ts'

function* after(cron: string, timezone: string, from: string): Generator<string> {
  const times = cronTimes(cron, timezone)
  for (let at = times.next(new Date(from)); at !== null; at = times.next(at)) yield at.toISOString().slice(0, 16)
}
const some = (n: number, times: Generator<string>) => Array.from({ length: n }, () => times.next().value)

describe('times in a zone with summer time', () => {
  it('come once on the day whose hour is left out, at the end of the gap', () => {
    expect(some(3, after('30 2 * * *', 'Europe/Berlin', '2026-03-28T00:00:00Z'))).toEqual([
      '2026-03-28T01:30',
      '2026-03-29T01:00',
      '2026-03-30T00:30',
    ])
  })

  it('come once on the day whose hour comes twice', () => {
    expect(some(3, after('30 2 * * *', 'Europe/Berlin', '2026-10-24T00:00:00Z'))).toEqual([
      '2026-10-24T00:30',
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ])
  })

  it('keep the hour of the clock on the wall', () => {
    expect(some(2, after('0 9 * * *', 'America/New_York', '2026-10-31T00:00:00Z'))).toEqual(['2026-10-31T13:00', '2026-11-01T14:00'])
  })

  it.each(['2026-03-27T12:00:00Z', '2026-10-24T20:00:00Z'])('going back from a time gives that time: from %s', (from) => {
    const times = cronTimes('*/30 * * * *', 'Europe/Berlin')
    for (let i = 0, at = new Date(from); i < 100; i++) {
      const next = times.next(at)
      if (next === null) throw new Error('no next time')
      expect(times.last(next)).toEqual(next)
      expect(times.last(new Date(next.getTime() + 999))).toEqual(next)
      at = next
    }
  })
})

describe('what is no schedule', () => {
  it.each([
    ['0 3 * *', 'UTC', 'body.cron: "0 3 * *"'],
    ['0 25 * * *', 'UTC', 'hour: 25'],
    ['every day', 'UTC', 'body.cron'],
    ['2027-01-01T00:00:00', 'UTC', 'runAt'],
    ['0 3 * * *', 'Mars/Olympus', 'body.timezone: "Mars/Olympus"'],
  ])('%s in %s is refused, naming the field', (cron, timezone, message) => {
    expect(() => cronTimes(cron, timezone)).toThrow(message)
  })
})
