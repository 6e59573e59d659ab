import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { formatMs, formatTime, formatTimeMs, formatUtc, isTimeZone, setTimeZone, timeZones } from './format.ts'

afterEach(() => setTimeZone(null))

describe('times', () => {
  it('are in the chosen zone, with the year where it is another', () => {
    setTimeZone('UTC')
    expect(formatTime('2001-07-01T23:30:00Z')).toBe('1 Jul 2001, 23:30:00')
    setTimeZone('Asia/Kolkata')
    expect(formatTime('2001-07-01T23:30:00Z')).toBe('2 Jul 2001, 05:00:00')
  })
  it('have milliseconds where they are asked for', () => {
    setTimeZone('Asia/Kolkata')
    expect(formatTimeMs('2001-07-01T23:30:00.0421Z')).toBe('2 Jul 2001, 05:00:00.042')
  })
  it('leave the day out when it is today in that zone', () => {
    setTimeZone('Pacific/Kiritimati')
    expect(formatTime(new Date().toISOString())).toMatch(/^\d\d:\d\d:\d\d$/)
  })
  it('are a dash where there is none', () => {
    expect(formatTime(null)).toBe('–')
    expect(formatTime('soon')).toBe('–')
  })
  it('are exact in UTC', () => {
    setTimeZone('Asia/Tokyo')
    expect(formatUtc('2026-11-25T10:00:00.123456789Z')).toBe('2026-11-25 10:00:00.123456789 UTC')
    expect(formatUtc('2026-11-25 10:00:00')).toBe('2026-11-25 10:00:00 UTC')
    expect(formatUtc('2026-11-25T10:00:00+02:00')).toBe('2026-11-25 08:00:00.000 UTC')
    expect(formatUtc('soon')).toBe('soon')
  })
  it('offer each zone once, under the name that its city has now', () => {
    const zones = timeZones()
    expect(zones[0]).toBe('UTC')
    expect(new Set(zones).size).toBe(zones.length)
    expect(zones).toContain('Asia/Kolkata')
    expect(zones).not.toContain('Asia/Calcutta')
    expect(zones.every(isTimeZone)).toBe(true)
  })
  it('know zones from other texts', () => {
    expect(['UTC', 'Europe/Oslo', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([true, true, false, false])
  })
})

describe('durations', () => {
  const UNITS: Readonly<Record<string, { readonly ms: number; readonly below: number }>> = {
    ms: { ms: 1, below: 1_000 },
    s: { ms: 1_000, below: 60 },
    m: { ms: 60_000, below: 60 },
    h: { ms: 3_600_000, below: Number.POSITIVE_INFINITY },
  }
  it('are rounded before their unit is chosen', () => {
    const texts = [0, 0.5, 0.999, 999.4, 999.7, 9_996, 59_949, 59_970, 125_000, 3_599_600, 3_720_000, -1_500, null].map(formatMs)
    expect(texts).toEqual([
      '0 ms',
      '0.50 ms',
      '1 ms',
      '999 ms',
      '1.00 s',
      '10.0 s',
      '59.9 s',
      '1 m 00 s',
      '2 m 05 s',
      '1 h 00 m',
      '1 h 02 m',
      '−1.50 s',
      '–',
    ])
  })
  it('never say as many of a unit as make the next, and are no further off than half of their last digit', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (ms) => {
        const parts = [...formatMs(ms).matchAll(/([\d.]+) (ms|s|m|h)/g)].map(([, amount = '', unit = '']) => ({ amount, unit }))
        let said = 0
        for (const { amount, unit } of parts) {
          expect(Number(amount)).toBeLessThan(UNITS[unit]?.below ?? 0)
          said += Number(amount) * (UNITS[unit]?.ms ?? 0)
        }
        const last = parts.at(-1) ?? { amount: '', unit: '' }
        const digit = (UNITS[last.unit]?.ms ?? 0) * 10 ** -(last.amount.split('.')[1]?.length ?? 0)
        expect(Math.abs(said - ms)).toBeLessThanOrEqual(digit / 2 + 1e-6)
        expect(formatMs(-ms)).toBe(ms < 0.005 ? formatMs(ms) : `−${formatMs(ms)}`)
      }),
    )
  })
})
