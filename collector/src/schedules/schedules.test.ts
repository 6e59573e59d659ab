import { Schedule } from '@cairn/sdk/protocol'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { OTHER_KEY, type RunCollector, startRunCollector } from '../testing/run-collector.fixture.ts'

let collector: RunCollector
beforeAll(async () => {
  collector = await startRunCollector()
})
afterAll(() => collector?.stop())

const put = (name: string, more: object = {}) =>
  collector.ask('PUT', `/api/v1/schedules/${encodeURIComponent(name)}`, { agent: 'research', cron: '0 3 * * *', ...more })

describe('schedules', () => {
  it('are stored, read, listed, paused, resumed and deleted', async () => {
    const made = await put('night/ly', { timezone: 'Europe/Berlin', input: { topic: 'tides' }, priority: 3, catchUp: true })
    expect(made.status).toBe(201)
    expect(() => z.strictObject(Schedule.shape).parse(made.body)).not.toThrow()
    expect(made.body).toMatchObject({ name: 'night/ly', timezone: 'Europe/Berlin', input: { topic: 'tides' }, priority: 3, paused: false })
    expect(Date.parse(made.body.nextAt)).toBeGreaterThan(Date.now())

    const path = '/api/v1/schedules/night%2Fly'
    expect((await collector.ask('POST', `${path}/pause`)).body).toMatchObject({ paused: true, nextAt: null })
    const again = await put('night/ly', { input: { topic: 'gauges' } })
    expect(again.status).toBe(200)
    expect(again.body).toMatchObject({ paused: true, nextAt: null, timezone: 'UTC', input: { topic: 'gauges' }, catchUp: false })
    const resumed = await collector.ask('POST', `${path}/resume`)
    expect(resumed.body.nextAt).toMatch(/T03:00:00/)
    expect((await collector.ask('GET', path)).body).toEqual(resumed.body)
    expect((await collector.ask('GET', '/api/v1/schedules')).body.items).toEqual([resumed.body])

    expect((await collector.ask('GET', path, undefined, { key: OTHER_KEY })).status).toBe(404)
    expect((await collector.ask('DELETE', path, undefined, { key: OTHER_KEY })).status).toBe(404)
    expect((await collector.ask('DELETE', path)).status).toBe(204)
    for (const [method, rest] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/pause'],
    ] as const)
      expect((await collector.ask(method, path + rest)).body.error).toMatchObject({
        code: 'not_found',
        message: expect.stringContaining('night/ly'),
      })
  })

  it('make runs that a waiting worker gets', async () => {
    const waiting = collector.claim({ agent: 'ticking', waitMs: 20_000 })
    await put('ticks', { agent: 'ticking', cron: '* * * * * *', input: 7 })
    const [run] = await waiting
    expect(run).toMatchObject({ agent: 'ticking', input: 7, tags: ['schedule:ticks'], metadata: { schedule: 'ticks' } })
    await vi.waitFor(async () => expect((await collector.ask('GET', '/api/v1/schedules/ticks')).body.lastRunId).not.toBeNull())
    await collector.ask('DELETE', '/api/v1/schedules/ticks')
  })

  it.each([
    [{ cron: '0 3 * *' }, 'body.cron'],
    [{ cron: '0 0 30 2 *' }, 'body.cron'],
    [{ cron: '' }, 'body.cron'],
    [{ timezone: 'Mars/Olympus' }, 'body.timezone'],
    [{ agent: '' }, 'body.agent'],
    [{ catchUp: 'yes' }, 'body.catchUp'],
  ])('of %j are refused, naming the field', async (more, field) => {
    const answer = await put('bad', more)
    expect(answer.status).toBe(400)
    expect(answer.body.error).toMatchObject({ code: 'invalid_request', message: expect.stringContaining(field) })
  })
})
