import { describe, expect, it } from 'vitest'
import type { FakeCollector } from '../testing/fake-collector.ts'
import { until, useFake } from '../testing/start-fake.ts'
import type { StepOptions } from './step-options.ts'

const fake = useFake()
const rateLimit: NonNullable<StepOptions['rateLimit']> = { key: 'open ai', limit: 60, period: '1m' }
const TAKE = 'POST /api/v1/rate-limits/open%20ai/take'

/** Answers of the rate limit, in order; the last one again and again. */
function answerTakes(collector: FakeCollector, ...answers: { taken: boolean; waitMs: number }[]): unknown[] {
  const asked: unknown[] = []
  collector.intercept = ({ path, body }) => {
    if (!path.endsWith('/take')) return undefined
    asked.push(body)
    return { status: 200, body: answers[Math.min(asked.length, answers.length) - 1] }
  }
  return asked
}

const takes = (collector: FakeCollector) => collector.requests.filter((request) => request === TAKE).length

describe('a step with a rate limit', () => {
  it('asks before each attempt, and says on its span how long it waited', async () => {
    const collector = await fake.start()
    const asked = answerTakes(collector, { taken: true, waitMs: 0 }, { taken: true, waitMs: 12 })
    let attempts = 0
    const agent = fake.connect(collector, { telemetry: true }).agent({ name: 'a' }, async (run) =>
      run.model('ask', { rateLimit, retry: { attempts: 2, backoff: 1 } }, () => {
        if (++attempts === 1) throw new Error('once')
        return 'answer'
      }),
    )
    await agent.run(undefined)
    expect(asked).toEqual([
      { limit: 60, periodMs: 60_000 },
      { limit: 60, periodMs: 60_000 },
    ])
    await until(() => collector.spans.some((span) => span.name === 'ask'))
    const waits = collector.spans
      .filter((span) => span.name.startsWith('ask attempt'))
      .map((span) => span.attributes['cairn.rate_limit.wait_ms'])
    expect(waits).toEqual([0, 12])
  })

  it('takes nothing when it comes back from its checkpoint', async () => {
    const collector = await fake.start()
    answerTakes(collector, { taken: true, waitMs: 0 })
    const cairn = fake.connect(collector)
    const agent = cairn.agent({ name: 'a' }, async (run) => {
      await run.step('limited', { rateLimit }, () => 1)
      if (run.execution === 1) throw new Error('stop here')
      return 'done'
    })
    await expect(agent.run(undefined)).rejects.toThrow('stop here')
    await cairn.serve([agent], { handleSignals: false })
    collector.requeue(collector.firstRun.id)
    await until(() => collector.firstRun.status === 'succeeded')
    expect(takes(collector)).toBe(1)
  })

  it('fails at once where the wait would be longer than its timeout', async () => {
    const collector = await fake.start()
    const asked = answerTakes(collector, { taken: false, waitMs: 61_000 })
    let ran = false
    const agent = fake.connect(collector).agent({ name: 'a' }, async (run) =>
      run.tool('search', { rateLimit, timeout: '30s' }, () => {
        ran = true
      }),
    )
    await expect(agent.run(undefined)).rejects.toThrow(
      /Step "search" would wait 61000 ms for rate limit "open ai" \(60 in 60000 ms\).*30000 ms/,
    )
    expect(asked).toEqual([{ limit: 60, periodMs: 60_000, maxWaitMs: 30_000 }])
    expect(ran).toBe(false)
  })

  it('waits no longer than its run goes on', async () => {
    const collector = await fake.start()
    answerTakes(collector, { taken: true, waitMs: 3_600_000 })
    const agent = fake.connect(collector).agent({ name: 'a' }, async (run) => run.step('ask', { rateLimit }, () => 1))
    const stopped = expect(agent.run(undefined)).rejects.toThrow('was cancelled')
    await until(() => takes(collector) === 1)
    collector.command({ type: 'cancel', runId: collector.firstRun.id, execution: 1 })
    await stopped
  })
})
