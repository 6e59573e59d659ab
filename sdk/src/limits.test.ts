import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { limitKeys, toServedAgents } from './agent-definition.ts'
import { Cairn } from './cairn.ts'
import type { CreateRun } from './protocol/run.ts'
import { useFake } from './testing/start-fake.ts'

const cairn = new Cairn({ telemetry: false })
const fake = useFake()

describe('limits of an agent', () => {
  it('are told with what a worker serves, periods in milliseconds', () => {
    const agent = cairn.agent({ name: 'a', concurrency: { limit: 3 }, rateLimit: { limit: 60, period: '1m' } }, () => 1)
    expect(toServedAgents([agent.definition])).toEqual([
      { name: 'a', versions: ['1'], concurrency: { limit: 3 }, rateLimit: { limit: 60, periodMs: 60_000 } },
    ])
  })

  it('have keys found in the parsed input', () => {
    const input = z.object({ user: z.string().toLowerCase() })
    const agent = cairn.agent(
      {
        name: 'a',
        input,
        concurrency: {
          limit: 1,
          key: (value) => {
            expectTypeOf(value).toEqualTypeOf<{ user: string }>()
            return value.user
          },
        },
      },
      (_run, { user }) => user,
    )
    expect(limitKeys(agent.definition, { user: 'ada' })).toEqual({ concurrencyKey: 'ada' })
    const unparsed = cairn.agent({ name: 'b', rateLimit: { limit: 1, period: '1s', key: (n: number) => `n${n}` } }, (_run, n: number) => n)
    expect(limitKeys(unparsed.definition, 7)).toEqual({ rateLimitKey: 'n7' })
  })

  it('go with a start, before what the caller says', async () => {
    const collector = await fake.start()
    const bodies: unknown[] = []
    collector.intercept = ({ path, body }) => {
      if (path === '/api/v1/runs') bodies.push(body)
      return undefined
    }
    const agent = fake
      .connect(collector)
      .agent({ name: 'a', concurrency: { limit: 1, key: (user: string) => user } }, (_run, user: string) => user)
    await agent.start('ada', { priority: 2 })
    await agent.start('ada', { concurrencyKey: 'other' })
    expect(bodies as CreateRun[]).toMatchObject([{ concurrencyKey: 'ada', priority: 2 }, { concurrencyKey: 'other' }])
  })

  it('that are not valid are a clear error', () => {
    expect(() => cairn.agent({ name: 'a', concurrency: { limit: 0 } }, () => 1)).toThrow('concurrency.limit')
    expect(() => cairn.agent({ name: 'a', rateLimit: { limit: 1, period: 0 } }, () => 1)).toThrow('rateLimit.periodMs')
  })
})
