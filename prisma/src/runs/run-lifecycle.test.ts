import { randomBytes, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import type pg from 'pg'
import { v7 } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { ensureFirstProject } from '../accounts/ensure-first-project.ts'
import { createPool } from '../client.ts'
import { listEvents } from '../events/list-events.ts'
import { listRunChanges } from '../events/list-run-changes.ts'
import { listExecutions } from '../executions/list-executions.ts'
import { listSteps } from '../steps/list-steps.ts'
import { type CheckpointRow, storeCheckpoints } from '../steps/store-checkpoints.ts'
import { createTestDatabase, type TestDatabase } from '../testing/index.ts'
import { claimRuns } from './claim-runs.ts'
import { crashRuns } from './crash-runs.ts'
import { createRun, type NewRun } from './create-run.ts'
import { findRun } from './find-run.ts'
import { finishRun } from './finish-run.ts'
import { releaseRuns } from './release-runs.ts'
import { requestControl } from './request-control.ts'
import { resumeRun } from './resume-run.ts'
import type { RunRow } from './run-row.ts'

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
  await pool.query('TRUNCATE runs, run_values, executions, steps, state_patches, run_events')
})

async function create(more: Partial<NewRun> = {}): Promise<RunRow> {
  const run = await createRun(pool, {
    id: v7(),
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
  if (run === undefined) throw new Error('not created')
  return run
}

const served = (recovery: 'auto' | 'manual' = 'manual', versions = ['1']) => [
  { name: 'a', versions, codeRevision: null, steps: null, recovery: { mode: recovery, maxAttempts: 2, backoffMs: 0 } },
]
const claim = (workerId: string, more: { recovery?: 'auto' | 'manual'; versions?: string[]; runId?: string } = {}) =>
  claimRuns(pool, { projectId, workerId, agents: served(more.recovery, more.versions), limit: 10, runId: more.runId ?? null })
const crash = (workerId: string, step?: [string, string]) =>
  crashRuns(pool, { projectId, workerId, reason: 'gone', stepsInFlight: new Map(step ? [step] : []) })
const resume = (runId: string, version: string | null = null) =>
  resumeRun(pool, { projectId, runId, actor: 'ada', reason: 'fixed', version, input: null, inputBlob: null })
const finish = (runId: string, execution: number, status: 'succeeded' | 'failed' = 'succeeded') =>
  finishRun(pool, {
    projectId,
    runId,
    execution,
    status,
    output: '2',
    outputBlob: null,
    error: null,
    errorGroup: null,
    failedStep: null,
    statePatch: null,
    wakeAt: null,
  })
const checkpoint = (runId: string, execution: number, key: string, more: Partial<CheckpointRow> = {}): CheckpointRow => ({
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
  ...more,
})
const store = (...items: CheckpointRow[]) => storeCheckpoints(pool, projectId, items)

test('a crashed run that is paused, or cancelled, has failed once', async () => {
  const failures = async () =>
    (await listRunChanges(pool, { afterSeq: 0, olderThanMs: 0, limit: 100 })).flatMap(({ failure }) => failure?.errorGroup ?? [])
  const { id } = await create()
  await claim('w')
  await crashRuns(pool, { projectId, workerId: 'w', reason: 'gone', stepsInFlight: new Map(), errorGroups: new Map([[id, 'abc']]) })
  expect(await failures()).toEqual(['abc'])
  for (const control of ['pause', 'cancel'] as const)
    expect(await requestControl(pool, { projectId, runId: id, control, actor: 'ada', reason: null })).toBeDefined()
  expect(await failures()).toEqual(['abc'])
})

test('a run that the collector pauses because it crashes again and again has failed with each crash', async () => {
  const { id } = await create()
  for (const worker of ['w1', 'w2']) {
    await claim(worker, { recovery: 'auto' })
    await crashRuns(pool, { projectId, workerId: worker, reason: 'gone', stepsInFlight: new Map(), errorGroups: new Map([[id, 'abc']]) })
  }
  expect((await findRun(pool, projectId, id))?.status).toBe('paused')
  const changes = await listRunChanges(pool, { afterSeq: 0, olderThanMs: 0, limit: 100 })
  expect(changes.flatMap(({ failure }) => failure ?? [])).toMatchObject([{ execution: 1 }, { execution: 2 }])
})

describe('a claim', () => {
  it('raises the execution number, and two racing ones never share a run', async () => {
    const ids = (await Promise.all(Array.from({ length: 8 }, () => create()))).map((run) => run.id)
    const claimed = (await Promise.all(['w1', 'w2', 'w3', 'w4'].map((worker) => claim(worker)))).flat()
    expect(claimed.map((run) => run.id).sort()).toEqual([...ids].sort())
    expect(claimed.every((run) => run.execution === 1 && run.status === 'running')).toBe(true)
  })

  it('leaves runs of the future, of other versions, of other projects, and children', async () => {
    await create({ runAt: new Date(Date.now() + 60_000).toISOString() })
    await create({ version: '9' })
    const parent = await create({ agent: 'other' })
    await create({ parent: { runId: parent.id, stepKey: 's', spanId: null } })
    expect(await claim('w')).toEqual([])
    expect(await claimRuns(pool, { projectId: randomUUID(), workerId: 'w', agents: served(), limit: 10, runId: null })).toEqual([])
    expect(await claim('w', { versions: ['8', '9'] })).toMatchObject([{ version: '9' }])
  })

  it('of a named run gives a child to its parent', async () => {
    const parent = await create()
    const child = await create({ parent: { runId: parent.id, stepKey: 's', spanId: null } })
    expect(await claim('w', { runId: child.id })).toMatchObject([{ id: child.id, execution: 1 }])
    expect(await claim('w2', { runId: child.id })).toEqual([])
  })
})

describe('a checkpoint', () => {
  it('is stored once: the same again is a lost acknowledgement, another outcome a conflict', async () => {
    const { id } = await create()
    await claim('w')
    expect(await store(checkpoint(id, 1, 's'))).toMatchObject([{ outcome: 'stored' }])
    expect(await store(checkpoint(id, 1, 's'))).toMatchObject([{ outcome: 'duplicate' }])
    expect(await store(checkpoint(id, 1, 's', { output: '"other"' }))).toMatchObject([{ outcome: 'conflict' }])
    expect(await listSteps(pool, [id])).toMatchObject([{ key: 's', output: '"out"' }])
  })

  it('of a worker that was taken for dead counts until somebody takes the run over, and so does its end', async () => {
    const { id } = await create()
    await claim('w')
    await crash('w')
    expect(await store(checkpoint(id, 1, 's'))).toMatchObject([{ outcome: 'stored' }])
    expect(await finish(id, 1)).toMatchObject({ status: 'succeeded', errorType: null })
    expect(await listExecutions(pool, [id])).toMatchObject([{ outcome: 'succeeded' }])
    expect(await claim('w2')).toEqual([])
  })

  it('of a stale execution changes nothing', async () => {
    const { id } = await create()
    await claim('w')
    await crash('w')
    await resume(id)
    expect(await store(checkpoint(id, 1, 's'))).toMatchObject([{ outcome: 'stale', runStatus: 'queued' }])
    await claim('w2')
    expect(await store(checkpoint(id, 1, 's'), checkpoint(id, 2, 't'))).toMatchObject([
      { outcome: 'stale', currentExecution: 2 },
      { outcome: 'stored' },
    ])
    expect((await listSteps(pool, [id])).map((step) => step.key)).toEqual(['t'])
  })

  it('of many runs is one batch, with a verdict for each in its place', async () => {
    const [a, b] = [await create(), await create()]
    await claim('w')
    const verdicts = await store(
      checkpoint(a.id, 1, 's'),
      checkpoint(randomUUID(), 1, 's'),
      checkpoint(b.id, 7, 's'),
      checkpoint(b.id, 1, 's'),
    )
    expect(verdicts.map((verdict) => verdict.outcome)).toEqual(['stored', 'missing', 'stale', 'stored'])
  })

  it('brings what a person asked of the run', async () => {
    const { id } = await create()
    await claim('w')
    await requestControl(pool, { projectId, runId: id, control: 'cancel', actor: 'ada', reason: null })
    expect(await store(checkpoint(id, 1, 's'))).toMatchObject([{ outcome: 'stored', control: 'cancel' }])
  })

  it('that failed gives way to the next outcome of the step, one that succeeded never does', async () => {
    const { id } = await create()
    await claim('w')
    await store(checkpoint(id, 1, 's', { status: 'failed', output: null, error: '{}' }))
    expect(await store(checkpoint(id, 1, 's'))).toMatchObject([{ outcome: 'stored' }])
    expect(await store(checkpoint(id, 1, 's', { status: 'failed', output: null }))).toMatchObject([{ outcome: 'conflict' }])
  })

  it('of a batch larger than a page of fan-out keeps its order in the event stream', async () => {
    const { id } = await create()
    await claim('w')
    await store(...Array.from({ length: 300 }, (_, i) => checkpoint(id, 1, `s${i}`)))
    const events = await listEvents(pool, { runId: id, afterSeq: 0, limit: 1_000 })
    expect(events.filter((event) => event.type === 'step').map((event) => JSON.parse(event.data).key)).toEqual(
      Array.from({ length: 300 }, (_, i) => `s${i}`),
    )
  })
})

describe('a crash', () => {
  it('with manual recovery waits for a person, naming the step', async () => {
    const { id } = await create()
    await claim('w')
    expect(await crash('w', [id, 'step-12'])).toMatchObject([{ id, status: 'crashed', failedStep: 'step-12', errorType: 'WorkerLost' }])
    expect(await claim('w2')).toEqual([])
    expect(await resume(id)).toMatchObject({ status: 'queued' })
    expect(await claim('w2')).toMatchObject([{ id, execution: 2, errorType: null }])
    expect(await listExecutions(pool, [id])).toMatchObject([
      { number: 1, outcome: 'crashed' },
      { number: 2, outcome: null, actor: 'ada', reason: 'fixed' },
    ])
  })

  it('with auto recovery is taken over, and without progress is paused as stalled', async () => {
    const { id } = await create()
    await claim('w1', { recovery: 'auto' })
    expect(await crash('w1')).toMatchObject([{ status: 'crashed' }])
    expect(await claim('w2', { recovery: 'auto' })).toMatchObject([{ id, execution: 2 }])
    await store(checkpoint(id, 2, 's'))
    expect(await crash('w2')).toMatchObject([{ status: 'crashed' }])
    await claim('w3', { recovery: 'auto' })
    expect(await crash('w3')).toMatchObject([{ status: 'crashed' }])
    await claim('w4', { recovery: 'auto' })
    expect(await crash('w4', [id, 'bad'])).toMatchObject([{ status: 'paused', statusReason: expect.stringContaining('suspect step bad') }])
    expect(await claim('w5', { recovery: 'auto' })).toEqual([])
  })

  it('of one worker leaves the runs of others', async () => {
    await create()
    await claim('w1')
    await create()
    await claim('w2')
    expect(await crash('w1')).toHaveLength(1)
    expect(await crash('w1')).toHaveLength(0)
  })
})

it('a worker that stops cleanly hands its runs back at once', async () => {
  const { id } = await create()
  await claim('w')
  expect(await releaseRuns(pool, projectId, 'w')).toMatchObject([{ id, status: 'queued' }])
  expect(await claim('w2')).toMatchObject([{ id, execution: 2 }])
})

it('an idempotency key is used once in a project, however many ask at once', async () => {
  const made = await Promise.allSettled(Array.from({ length: 6 }, () => create({ idempotencyKey: 'k' })))
  expect(made.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
})

it('only stopped runs are resumed, and a child only with its parent', async () => {
  const run = await create()
  expect(await resume(run.id)).toBeUndefined()
  await claim('w')
  expect(await resume(run.id)).toBeUndefined()
  await finish(run.id, 1)
  expect(await resume(run.id)).toBeUndefined()
})

// The model: what may be true of a run after any sequence of acts by any number of workers, some of them zombies.
interface Model {
  status: string
  execution: number
  holder: string | null
  /** Asked for and not yet obeyed. */
  cancelling: boolean
  finished: Map<string, number>
}
const WORKERS = ['w1', 'w2', 'w3']
const STEPS = ['s1', 's2', 's3']
const Act = fc.oneof(
  fc.record({ act: fc.constant('claim' as const), worker: fc.constantFrom(...WORKERS) }),
  fc.record({
    act: fc.constant('checkpoint' as const),
    step: fc.constantFrom(...STEPS),
    execution: fc.integer({ min: 1, max: 5 }),
    ok: fc.boolean(),
  }),
  fc.record({
    act: fc.constant('finish' as const),
    execution: fc.integer({ min: 1, max: 5 }),
    status: fc.constantFrom('succeeded' as const, 'failed' as const),
  }),
  fc.record({ act: fc.constant('crash' as const), worker: fc.constantFrom(...WORKERS) }),
  fc.record({ act: fc.constant('release' as const), worker: fc.constantFrom(...WORKERS) }),
  fc.record({ act: fc.constant('resume' as const) }),
  fc.record({ act: fc.constant('cancel' as const) }),
)
type Act = typeof Act extends fc.Arbitrary<infer T> ? T : never

describe('the state machine', () => {
  it('under any schedule: one writer, rising executions, finished steps for good', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(Act, { minLength: 5, maxLength: 40 }), async (acts) => {
        const { id } = await create()
        const model: Model = { status: 'queued', execution: 0, holder: null, cancelling: false, finished: new Map() }
        for (const act of acts) await apply(id, model, act)
        const run = await findRun(pool, projectId, id)
        expect(run).toMatchObject({ status: model.status, execution: model.execution, workerId: model.holder })
        const steps = (await listSteps(pool, [id])).filter((step) => step.status === 'succeeded')
        expect(new Map(steps.map((step) => [step.key, step.execution]))).toEqual(model.finished)
        const executions = await listExecutions(pool, [id])
        expect(executions.map((execution) => execution.number)).toEqual(Array.from({ length: model.execution }, (_, i) => i + 1))
        await pool.query('DELETE FROM runs WHERE id = $1', [id])
      }),
      { numRuns: 60 },
    )
  })
})

async function apply(id: string, model: Model, act: Act): Promise<void> {
  const isHeld = model.status === 'running'
  const isOpen = isHeld || model.status === 'crashed'
  switch (act.act) {
    case 'claim': {
      const claimed = await claim(act.worker)
      expect(claimed.length).toBe(model.status === 'queued' ? 1 : 0)
      if (model.status === 'queued')
        Object.assign(model, { status: 'running', execution: model.execution + 1, holder: act.worker, cancelling: false })
      return
    }
    case 'checkpoint': {
      const [verdict] = await store(checkpoint(id, act.execution, act.step, act.ok ? {} : { status: 'failed', output: null }))
      const valid = isOpen && act.execution === model.execution
      const stored = valid && !model.finished.has(act.step)
      expect(verdict?.outcome === 'stored').toBe(stored)
      if (stored && act.ok) model.finished.set(act.step, model.execution)
      return
    }
    case 'finish': {
      const ended = await finish(id, act.execution, act.status)
      const valid = isOpen && act.execution === model.execution
      expect(ended !== undefined).toBe(valid)
      if (valid) Object.assign(model, { status: act.status, holder: null })
      return
    }
    case 'crash': {
      const crashed = await crash(act.worker)
      expect(crashed.length).toBe(model.holder === act.worker ? 1 : 0)
      if (model.holder === act.worker) Object.assign(model, { status: model.cancelling ? 'cancelled' : 'crashed', holder: null })
      return
    }
    case 'release': {
      await releaseRuns(pool, projectId, act.worker)
      if (model.holder === act.worker) Object.assign(model, { status: model.cancelling ? 'cancelled' : 'queued', holder: null })
      return
    }
    case 'resume': {
      const resumable = ['failed', 'crashed', 'paused', 'cancelled'].includes(model.status)
      expect((await resume(id)) !== undefined).toBe(resumable)
      if (resumable) model.status = 'queued'
      return
    }
    case 'cancel': {
      await requestControl(pool, { projectId, runId: id, control: 'cancel', actor: null, reason: null })
      if (isHeld) model.cancelling = true
      if (['queued', 'waiting', 'paused', 'crashed', 'failed'].includes(model.status)) model.status = 'cancelled'
    }
  }
}
