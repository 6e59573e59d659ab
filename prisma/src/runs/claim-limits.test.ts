import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import type pg from 'pg'
import { v7 } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ensureFirstProject } from '../accounts/ensure-first-project.ts'
import { createPool } from '../client.ts'
import { createTestDatabase, type TestDatabase } from '../testing/index.ts'
import { endWorker } from '../workers/end-worker.ts'
import { upsertWorker } from '../workers/upsert-worker.ts'
import { claimLimitedRuns } from './claim-limited-runs.ts'
import { type AgentLimits, claimRuns } from './claim-runs.ts'
import { crashRuns } from './crash-runs.ts'
import { createRun, type NewRun } from './create-run.ts'
import { finishRun } from './finish-run.ts'
import { resumeRun } from './resume-run.ts'
import type { RunRow } from './run-row.ts'

let database: TestDatabase
let pool: pg.Pool
let projectId: string
beforeAll(async () => {
  database = await createTestDatabase()
  pool = createPool(database.url, { max: 12 })
  projectId = (await ensureFirstProject(pool)).id
})
afterAll(async () => {
  await pool?.end()
  await database?.drop()
})
const empty = () => pool.query('TRUNCATE runs, run_values, executions, steps, state_patches, run_events, rate_limits')
beforeEach(empty)

async function create(more: Partial<NewRun> = {}): Promise<string> {
  const id = v7()
  await createRun(pool, {
    id,
    projectId,
    traceId: randomBytes(16).toString('hex'),
    agent: 'a',
    version: null,
    input: '1',
    inputBlob: null,
    metadata: '{}',
    sessionId: null,
    userId: null,
    tags: [],
    idempotencyKey: null,
    runAt: null,
    parent: null,
    forkedFrom: null,
    claim: null,
    ...more,
  })
  return id
}

const served = (limits: Partial<AgentLimits>, name = 'a') => ({
  name,
  versions: ['1'],
  codeRevision: null,
  steps: null,
  recovery: { mode: 'auto', maxAttempts: 3, backoffMs: 0 },
  limits: { concurrency: null, rate: null, ...limits },
})
const claim = (limits: Partial<AgentLimits>, limit = 10, workerId = 'w') =>
  claimLimitedRuns(pool, { projectId, workerId, agents: [served(limits)], limit })
const finish = (run: RunRow) =>
  finishRun(pool, {
    projectId,
    runId: run.id,
    execution: run.execution,
    status: 'succeeded',
    output: null,
    outputBlob: null,
    error: null,
    errorGroup: null,
    failedStep: null,
    statePatch: null,
    wakeAt: null,
  })
const ids = (runs: readonly RunRow[]) => runs.map((run) => run.id)

describe('a worker that is gone', () => {
  it.each([
    ['an agent without limits', () => claimRuns(pool, { projectId, workerId: 'gone', agents: [served({})], limit: 1, runId: null })],
    ['an agent with limits', () => claim({ concurrency: 10 }, 1, 'gone')],
  ])('gets no run by a claim that has waited for longer than it lived: %s', async (_which, claimOne) => {
    const worker = { id: 'gone', projectId, agents: '[]', capacity: 1, hostname: 'h', pid: 1, sdkVersion: '1', leaseMs: 10_000 }
    await upsertWorker(pool, worker)
    await create()
    await endWorker(pool, { id: 'gone', reason: 'lost' })
    expect(await claimOne()).toEqual([])
    await pool.query("DELETE FROM workers WHERE id = 'gone'")
    expect(await claimOne()).toHaveLength(1)
  })
})

describe('priority', () => {
  it.each([
    ['an agent without limits', () => claimRuns(pool, { projectId, workerId: 'w', agents: [served({})], limit: 1, runId: null })],
    ['an agent with limits', () => claim({ concurrency: 10 }, 1)],
  ])('comes first, then who has waited longest: %s', async (_which, claimOne) => {
    const low = await create({ priority: -1 })
    const first = await create()
    const second = await create()
    const high = await create({ priority: 5 })
    await create({ priority: 9, runAt: '2999-01-01T00:00:00Z' })
    const order = []
    for (let i = 0; i < 5; i++) order.push(...ids(await claimOne()))
    expect(order).toEqual([high, first, second, low])
  })
})

describe('a concurrency limit', () => {
  it('is never passed, and never left unused, however many claim at once', async () => {
    const backlog = fc.array(
      fc.record({ key: fc.constantFrom<(string | null)[]>('x', 'y', null), priority: fc.integer({ min: 0, max: 2 }) }),
      {
        maxLength: 24,
      },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          backlog,
          limit: fc.integer({ min: 1, max: 4 }),
          claimers: fc.integer({ min: 1, max: 8 }),
          take: fc.integer({ min: 1, max: 6 }),
        }),
        async ({ backlog, limit, claimers, take }) => {
          await empty()
          await Promise.all(backlog.map(({ key, priority }) => create({ concurrencyKey: key, priority })))
          const waiting = new Map([...Map.groupBy(backlog, (run) => run.key)].map(([key, runs]) => [key, runs.length]))
          const running = new Map<string | null, RunRow[]>()
          const seen = new Set<string>()
          while ([...waiting.values()].some((n) => n > 0)) {
            const rounds = await Promise.all(
              Array.from({ length: claimers }, async (_, i) => {
                const taken: RunRow[] = []
                for (let more = await claim({ concurrency: limit }, take, `w${i}`); more.length > 0; ) {
                  taken.push(...more)
                  more = await claim({ concurrency: limit }, take, `w${i}`)
                }
                return taken
              }),
            )
            for (const run of rounds.flat()) {
              expect(seen.has(run.id)).toBe(false)
              seen.add(run.id)
              running.set(run.concurrencyKey, [...(running.get(run.concurrencyKey) ?? []), run])
              waiting.set(run.concurrencyKey, (waiting.get(run.concurrencyKey) ?? 0) - 1)
            }
            for (const [key, left] of waiting) {
              const now = running.get(key)?.length ?? 0
              expect(now).toBeLessThanOrEqual(limit)
              if (left > 0) expect(now).toBe(limit)
            }
            for (const [key, [first, ...others]] of running) {
              if (first) await finish(first)
              running.set(key, others)
            }
          }
        },
      ),
      { numRuns: 15 },
    )
  })

  it('is never passed while runs end and others come that go before those waiting', async () => {
    const creating = (async () => {
      for (let i = 0; i < 60; i++) await create({ concurrencyKey: i % 3 === 0 ? 'x' : 'y', priority: i })
    })()
    const running = new Map<string | null, number>()
    let most = 0
    let done = 0
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        while (done < 60) {
          for (const run of await claim({ concurrency: 2 }, 1)) {
            const now = (running.get(run.concurrencyKey) ?? 0) + 1
            running.set(run.concurrencyKey, now)
            most = Math.max(most, now)
            await new Promise((resolve) => setTimeout(resolve, 2))
            running.set(run.concurrencyKey, (running.get(run.concurrencyKey) ?? 0) - 1)
            await finish(run)
            done++
          }
        }
      }),
    )
    await creating
    expect(most).toBeLessThanOrEqual(2)
  })

  it('lets other agents of the same claim and other keys through', async () => {
    await create({ concurrencyKey: 'x' })
    await create({ concurrencyKey: 'x', priority: 9 })
    const y = await create({ concurrencyKey: 'y' })
    const free = await create({ agent: 'b' })
    const agents = [served({ concurrency: 1 }), served({}, 'b')]
    const taken = await claimLimitedRuns(pool, { projectId, workerId: 'w', agents, limit: 10 })
    expect(taken).toHaveLength(3)
    expect(ids(taken)).toEqual(expect.arrayContaining([y, free]))
  })

  it('counts a run no more when its worker dies, and again when it is taken over', async () => {
    await create()
    const other = await create()
    const [first] = await claim({ concurrency: 1 }, 10, 'dying')
    await crashRuns(pool, { projectId, workerId: 'dying', reason: 'gone', stepsInFlight: new Map() })
    expect(ids(await claim({ concurrency: 1 }))).toEqual([other])
    expect(await claim({ concurrency: 1 })).toEqual([])
    expect(ids(await claim({ concurrency: 2 }))).toEqual([first?.id])
  })
})

describe('a rate limit', () => {
  const rate = { limit: 3, periodMs: 86_400_000 }

  it('lets so many runs of each key start, whoever claims them', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => create({ rateLimitKey: i % 2 === 0 ? 'even' : 'odd' })))
    const taken = (await Promise.all(Array.from({ length: 8 }, (_, i) => claim({ rate }, 2, `w${i}`)))).flat()
    const rest = await claim({ rate }, 20)
    expect([...taken, ...rest].map((run) => run.rateLimitKey).sort()).toEqual(['even', 'even', 'even', 'odd', 'odd', 'odd'])
  })

  it('lets one more start when its token is back', async () => {
    await Promise.all(Array.from({ length: 5 }, () => create()))
    expect(await claim({ rate })).toHaveLength(3)
    expect(await claim({ rate })).toEqual([])
    await pool.query(`UPDATE rate_limits SET full_at = full_at - interval '8 hours'`)
    expect(await claim({ rate })).toHaveLength(1)
    expect(await claim({ rate })).toEqual([])
  })

  it('does not hold back a run that has started before', async () => {
    await Promise.all(Array.from({ length: 3 }, () => create()))
    const [first] = await claim({ rate })
    await crashRuns(pool, { projectId, workerId: 'w', reason: 'gone', stepsInFlight: new Map(), runIds: [first?.id ?? ''] })
    await resumeRun(pool, { projectId, runId: first?.id ?? '', actor: null, reason: null, version: null, input: null, inputBlob: null })
    await create()
    expect(ids(await claim({ rate }))).toEqual([first?.id])
  })
})
