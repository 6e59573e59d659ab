import { afterEach, describe, expect, it } from 'vitest'
import { formatTime, formatUtc, isTimeZone, setTimeZone } from './format.ts'

afterEach(() => setTimeZone(null))

describe('times', () => {
  it('are in the chosen zone, with the year where it is another', () => {
    setTimeZone('UTC')
    expect(formatTime('2001-07-01T23:30:00Z')).toBe('1 Jul 2001, 23:30:00')
    setTimeZone('Asia/Kolkata')
    expect(formatTime('2001-07-01T23:30:00Z')).toBe('2 Jul 2001, 05:00:00')
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
  it('know zones from other texts', () => {
    expect(['UTC', 'Europe/Oslo', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([true, true, false, false])
  })
})
