import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Cairn } from './cairn.ts'
import type { FakeCollector } from './testing/fake-collector.ts'
import { useFake } from './testing/start-fake.ts'

const fake = useFake()

function answerPuts(collector: FakeCollector, status = 201): { path: string; body: unknown }[] {
  const puts: { path: string; body: unknown }[] = []
  collector.intercept = ({ method, path, body }) => {
    if (method !== 'PUT') return undefined
    puts.push({ path, body })
    return { status, body: status < 400 ? {} : { error: { code: 'invalid_request', message: 'body.cron: "x" is not a cron expression' } } }
  }
  return puts
}

describe('a schedule', () => {
  it('is registered when its agent is served, with the keys of its input', async () => {
    const collector = await fake.start()
    const puts = answerPuts(collector)
    const cairn = fake.connect(collector)
    const input = z.object({ topic: z.string(), at: z.date().optional() })
    const research = cairn.agent(
      { name: 'research', input, concurrency: { limit: 1, key: ({ topic }) => topic } },
      (_run, { topic }) => topic,
    )
    const other = cairn.agent({ name: 'other' }, (_run, n: number) => n)
    cairn.schedule('night/ly', { agent: research, cron: '0 3 * * *', timezone: 'Europe/Berlin', input: { topic: 'tides' }, catchUp: true })
    cairn.schedule('not here', { agent: other, cron: '@daily', input: 1 })
    // @ts-expect-error: the agent's input has a topic
    cairn.schedule('of another type', { agent: research, cron: '@daily', input: 1 })
    await expect(cairn.serve([research], { handleSignals: false })).rejects.toThrow('input')
    const good = fake.connect(collector)
    good.schedule('night/ly', { agent: research, cron: '0 3 * * *', timezone: 'Europe/Berlin', input: { topic: 'tides' }, catchUp: true })
    puts.length = 0
    await good.serve([research], { handleSignals: false })
    expect(puts).toEqual([
      {
        path: '/api/v1/schedules/night%2Fly',
        body: {
          agent: 'research',
          cron: '0 3 * * *',
          timezone: 'Europe/Berlin',
          input: { topic: 'tides' },
          catchUp: true,
          concurrencyKey: 'tides',
        },
      },
    ])
  })

  it('that the collector refuses keeps its agent from being served, and says why', async () => {
    const collector = await fake.start()
    answerPuts(collector, 400)
    const cairn = fake.connect(collector)
    const agent = cairn.agent({ name: 'a' }, () => 1)
    cairn.schedule('bad', { agent, cron: 'x', input: undefined })
    await expect(cairn.serve([agent], { handleSignals: false })).rejects.toThrow('body.cron')
  })

  it('has a name of its own', () => {
    const cairn = new Cairn({ telemetry: false })
    const agent = cairn.agent({ name: 'a' }, () => 1)
    cairn.schedule('s', { agent, cron: '@daily', input: undefined })
    expect(() => cairn.schedule('s', { agent, cron: '@daily', input: undefined })).toThrow('already')
    expect(() => cairn.schedule('', { agent, cron: '@daily', input: undefined })).toThrow('1 to 200')
  })
})
