import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { v7 } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ensureFirstProject } from '../accounts/ensure-first-project.ts'
import { createPool } from '../client.ts'
import { appendEmitted } from '../events/append-emitted.ts'
import { listEvents } from '../events/list-events.ts'
import { storeSignal } from '../signals/store-signal.ts'
import { type CheckpointRow, storeCheckpoints } from '../steps/store-checkpoints.ts'
import { createTestDatabase, type TestDatabase } from '../testing/index.ts'
import { inTransaction } from '../transaction.ts'
import { endWorker } from '../workers/end-worker.ts'
import { ensureWorker } from '../workers/upsert-worker.ts'
import { claimRuns } from './claim-runs.ts'
import { crashRuns } from './crash-runs.ts'
import { createRun } from './create-run.ts'
import { findAbandonedRuns } from './find-abandoned-runs.ts'
import { findRun } from './find-run.ts'
import { releaseRuns } from './release-runs.ts'
import { requestControl } from './request-control.ts'
import { resumeRun } from './resume-run.ts'

let database: TestDatabase
let pool: pg.Pool
let projectId: string
beforeAll(async () => {
  database = await createTestDatabase()
  pool = createPool(database.url, { max: 8 })
  projectId = (await ensureFirstProject(pool)).id
})
afterAll(async () => {
  await pool?.end()
  await database?.drop()
})
beforeEach(async () => {
  await pool.query('TRUNCATE runs, run_values, executions, steps, state_patches, run_events, workers, signals')
})

async function createClaimed(workerId: string): Promise<string> {
  const id = v7()
  await createRun(pool, {
    id,
    projectId,
    traceId: randomBytes(16).toString('hex'),
    agent: 'a',
    version: '1',
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
    claim: { workerId, codeRevision: null, recovery: { mode: 'auto', maxAttempts: 3, backoffMs: 0 }, steps: null },
  })
  return id
}

const agents = [{ name: 'a', versions: ['1'], codeRevision: null, steps: null, recovery: null }]
const claim = (workerId: string) => claimRuns(pool, { projectId, workerId, agents, limit: 10, runId: null })
const crash = (db: pg.Pool | pg.PoolClient, workerId: string) =>
  crashRuns(db, { projectId, workerId, reason: 'gone', stepsInFlight: new Map() })
const ask = (runId: string, control: 'pause' | 'cancel') =>
  requestControl(pool, { projectId, runId, control, actor: 'ada', reason: 'enough' })
const checkpoint = (runId: string, execution: number, key: string): CheckpointRow => ({
  runId,
  execution,
  key,
  name: key,
  kind: 'step',
  status: 'succeeded',
  attempt: 1,
  startedAt: null,
  endedAt: null,
  output: '"out"',
  outputBlob: null,
  error: null,
  spanId: null,
  inputFingerprint: null,
  onInterrupted: null,
  childRunId: null,
  statePatch: null,
})

describe.each([
  ['cancel', 'cancelled'],
  ['pause', 'paused'],
] as const)('a %s that the worker has not obeyed', (control, status) => {
  it.each([
    ['dies', (workerId: string) => crash(pool, workerId)],
    ['stops', (workerId: string) => releaseRuns(pool, projectId, workerId)],
  ])('is not lost when the worker %s', async (_how, end) => {
    const id = await createClaimed('w')
    await ask(id, control)
    await end('w')
    expect(await findRun(pool, projectId, id)).toMatchObject({
      status,
      control: null,
      workerId: null,
      statusActor: 'ada',
      statusReason: 'enough',
    })
    expect(await claim('w2')).toEqual([])
    const resumed = await resumeRun(pool, { projectId, runId: id, actor: null, reason: null, version: null, input: null, inputBlob: null })
    expect(resumed).toMatchObject({ status: 'queued' })
    expect(await claim('w2')).toMatchObject([{ id, execution: 2 }])
  })
})

it('a worker that was seen elsewhere since its connection dropped is not taken for dead', async () => {
  await ensureWorker(pool, { id: 'w', projectId, agents: '[]', leaseMs: 10_000 })
  const lost = { id: 'w', reason: 'lost', unseenForMs: 1_000 } as const
  expect(await endWorker(pool, lost)).toBeUndefined()
  await pool.query(`UPDATE workers SET last_seen_at = now() - interval '2 seconds'`)
  expect(await endWorker(pool, lost)).toMatchObject({ id: 'w' })
  expect(await endWorker(pool, lost)).toBeUndefined()
})

describe('a run left behind', () => {
  const find = (workerIds: string[] = []) => findAbandonedRuns(pool, { workerIds, held: [], olderThanMs: 10_000 })

  it('in a worker that has ended is found, whoever ended it and died over it', async () => {
    await ensureWorker(pool, { id: 'w', projectId, agents: '[]', leaseMs: 10_000 })
    const id = await createClaimed('w')
    expect(await find()).toEqual([])
    await endWorker(pool, { id: 'w', reason: 'lost' })
    expect(await find()).toEqual([])
    await pool.query(`UPDATE workers SET ended_at = now() - interval '3 seconds'`)
    expect(await find()).toEqual([{ runId: id, workerId: 'w', projectId, workerEnded: true }])
    await crash(pool, 'w')
    expect(await find()).toEqual([])
  })
})

it('checkpoints and a burial of the same runs at once lock them in one order', async () => {
  // Stored in the other order than that of their ids.
  const second = await createClaimed('w')
  await pool.query(`UPDATE runs SET id = 'ffffffff-0000-7000-8000-000000000000' WHERE id = $1`, [second])
  const first = await createClaimed('w')
  const [low, high] = [first, 'ffffffff-0000-7000-8000-000000000000']
  const { burying } = await inTransaction(pool, async (db) => {
    await storeCheckpoints(db, projectId, [checkpoint(low, 1, 's')])
    const burying = crash(pool, 'w')
    burying.catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, 200))
    // Had it locked the other run before it waited for this one, this would be a deadlock.
    await storeCheckpoints(db, projectId, [checkpoint(high, 1, 's')])
    return { burying }
  })
  expect((await burying).map((run) => run.id).sort()).toEqual([low, high])
})

it('a checkpoint of a stale execution is stale, also where the next one stored the same', async () => {
  const id = await createClaimed('w')
  await storeCheckpoints(pool, projectId, [checkpoint(id, 1, 's')])
  await crash(pool, 'w')
  await claim('w2')
  await storeCheckpoints(pool, projectId, [checkpoint(id, 2, 't')])
  expect(await storeCheckpoints(pool, projectId, [checkpoint(id, 1, 's'), checkpoint(id, 1, 't')])).toMatchObject([
    { outcome: 'stale', currentExecution: 2 },
    { outcome: 'stale', currentExecution: 2 },
  ])
})

it('a signal waits for what is being written to its run, so that a reader of the events misses nothing', async () => {
  const id = await createClaimed('w')
  const client = await pool.connect()
  await client.query('BEGIN')
  await appendEmitted(client, projectId, [{ runId: id, execution: 1, id: null, data: '{}' }])
  const stored = storeSignal(pool, { id: v7(), projectId, runId: id, name: 'go', payload: '1' })
  await new Promise((resolve) => setTimeout(resolve, 200))
  const seen = await listEvents(pool, { runId: id, afterSeq: 0, limit: 100 })
  await client.query('COMMIT')
  client.release()
  await stored
  const after = Number(seen.at(-1)?.seq)
  const rest = await listEvents(pool, { runId: id, afterSeq: after, limit: 100 })
  expect([...seen, ...rest].map((event) => event.type)).toEqual(['status', 'emit', 'signal'])
})
