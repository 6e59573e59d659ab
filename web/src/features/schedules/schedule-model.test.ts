import type { Schedule } from '@cairn/sdk/protocol'
import { describe, expect, it } from 'vitest'
import { checkForm, fromForm, inZone, toForm, toPut, untilText } from './schedule-model.ts'

const schedule: Schedule = {
  name: 'nightly',
  agent: 'research',
  version: null,
  cron: '0 3 * * *',
  timezone: 'Europe/Berlin',
  input: { topic: 'tides' },
  priority: 2,
  concurrencyKey: 'c',
  rateLimitKey: null,
  catchUp: true,
  paused: true,
  nextAt: null,
  lastAt: null,
  lastRunId: null,
  createdAt: '2026-11-20T00:00:00Z',
  updatedAt: '2026-11-20T00:00:00Z',
}

describe('a schedule', () => {
  it('is made again from what it was, and an edit keeps what the form has no field for', () => {
    expect(fromForm(toForm(schedule, 'UTC'), schedule)).toEqual(toPut(schedule))
    expect(toPut(schedule)).toMatchObject({ concurrencyKey: 'c', priority: 2, catchUp: true })
    expect(fromForm({ ...toForm(schedule, 'UTC'), version: ' 3 ' }, schedule)).toMatchObject({ version: '3', concurrencyKey: 'c' })
  })

  it.each([
    [{ name: ' ' }, 'name'],
    [{ name: 'taken' }, 'name'],
    [{ name: 'x'.repeat(201) }, 'name'],
    [{ agent: '' }, 'agent'],
    [{ cron: ' ' }, 'cron'],
    [{ input: '{' }, 'input'],
    [{ priority: '1.5' }, 'priority'],
  ] as const)('with %j is refused at its field', (change, field) => {
    expect(Object.keys(checkForm({ ...toForm(null, 'UTC'), name: 'a', agent: 'b', ...change }, ['taken']))).toEqual([field])
  })

  it('without faults has none; an empty input is null', () => {
    const form = { ...toForm(null, 'UTC'), name: 'a', agent: 'b', input: '' }
    expect(checkForm(form, [])).toEqual({})
    expect(fromForm(form, null)).toMatchObject({ input: null, timezone: 'UTC' })
  })
})

it('times are told from now, and in the zone of the schedule', () => {
  const now = Date.parse('2026-11-20T00:00:00Z')
  expect(untilText('2026-11-19T00:00:00Z', now)).toBe('now')
  expect(untilText('2026-11-20T00:05:00Z', now)).toBe('in 5 min')
  expect(untilText('2026-11-20T03:05:00Z', now)).toBe('in 3 h 05 m')
  expect(untilText('2026-11-25T00:00:00Z', now)).toBe('in 5 d')
  expect(inZone('2026-11-20T02:00:00Z', 'Europe/Berlin')).toContain('03:00:00')
})
