import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestStore, type TestStore } from '../testing/test-store.fixture.ts'
import { getSessionTurns } from './get-session-turns.ts'
import { type ActivityInput, listActivity } from './list-activity.ts'
import { listTraces } from './list-traces.ts'

const ours = '01980000-0000-7000-8000-000000000001'
const theirs = '01980000-0000-7000-8000-000000000002'
const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')
const runId = '01980000-0000-7000-8000-00000000abcd'
const DAY = '2026-11-20'

interface Call {
  readonly project?: string
  readonly trace: number
  readonly at: string
  readonly session: string
  readonly user?: string
  readonly usd?: string | null
  readonly status?: string
  readonly run?: string
  readonly input?: number
  readonly cacheRead?: number
}

/** A root and a model call in it. */
function toSpans({
  project = ours,
  trace,
  at,
  session,
  user = 'ada',
  usd = '0.5',
  status = 'ok',
  run = '',
  input = 100,
  cacheRead = 20,
}: Call) {
  const base = {
    project_id: project,
    trace_id: hex(trace, 32),
    session_id: session,
    user_id: user,
    scope_id: session,
    run_id: run,
    status,
    version: 1,
    start_time: `${DAY}T${at}:00Z`,
    end_time: `${DAY}T${at}:02Z`,
  }
  return [
    { ...base, span_id: hex(trace * 2, 16), parent_span_id: '', name: 'root', kind: 'agent', agent: 'chat' },
    {
      ...base,
      span_id: hex(trace * 2 + 1, 16),
      parent_span_id: hex(trace * 2, 16),
      name: 'chat model',
      kind: 'model',
      environment: 'prod',
      billable: 1,
      priced: usd === null ? 0 : 1,
      cost_total: usd ?? '0',
      usage_input: input,
      usage_cache_read: cacheRead,
      usage_total: input + cacheRead,
      input_form: 'messages',
      input_hashes: [hex(trace, 32)],
      output_hashes: [hex(trace + 1, 32)],
    },
  ]
}

let store: TestStore
beforeAll(async () => {
  store = await startTestStore()
  const calls: Call[] = [
    { trace: 1, at: '08:00', session: 'otel' },
    { trace: 2, at: '09:00', session: 'otel', usd: null, status: 'error', input: 300 },
    { trace: 3, at: '10:00', session: 'unpriced', usd: null, user: 'bob' },
    { trace: 4, at: '11:00', session: 'of runs', run: runId },
    { project: theirs, trace: 5, at: '08:00', session: 'otel', user: 'eve' },
    { trace: 6, at: '12:00', session: '', user: 'ada' },
  ]
  await store.client.insert({ table: 'spans', values: calls.flatMap(toSpans), format: 'JSONEachRow' })
  const run = { agent: 'chat', executions: 1, version: 1, created_at: `${DAY}T11:00:00Z`, started_at: `${DAY}T11:00:00Z` }
  const runs = [
    { ...run, project_id: ours, run_id: runId, trace_id: hex(4, 32), status: 'running', session_id: 'of runs', user_id: 'ada' },
    {
      ...run,
      project_id: ours,
      run_id: runId,
      trace_id: hex(4, 32),
      status: 'succeeded',
      version: 2,
      session_id: 'of runs',
      user_id: 'ada',
    },
    {
      ...run,
      project_id: ours,
      run_id: runId.replace('abcd', 'abce'),
      trace_id: hex(9, 32),
      status: 'failed',
      session_id: 'no spans',
      user_id: 'ada',
      error_type: 'BoomError',
    },
  ]
  await store.client.insert({ table: 'runs', values: runs, format: 'JSONEachRow' })
})
afterAll(() => store?.stop())

const ask = (more: Partial<ActivityInput> = {}) =>
  listActivity(store.client, {
    projectId: ours,
    by: 'session',
    from: `${DAY}T00:00:00Z`,
    to: `${DAY}T23:00:00Z`,
    sort: 'id',
    descending: false,
    limit: 10,
    offset: 0,
    ...more,
  })

describe('sessions', () => {
  test('of plain OpenTelemetry, of runs, and of runs without spans, each once, of one project', async () => {
    const { rows, total } = await ask()
    expect(total).toBe(4)
    expect(rows.map((row) => [row.id, row.runs, row.turns, row.failed])).toEqual([
      ['no spans', 1, 1, 1],
      ['of runs', 1, 1, 0],
      ['otel', 0, 2, 0],
      ['unpriced', 0, 1, 0],
    ])
    expect(rows[2]).toMatchObject({ userId: 'ada', users: 1, tokens: 440, spanErrors: 2, costUsd: '0.5', unpriced: 1 })
    expect(rows[2]).toMatchObject({ firstSeen: `${DAY}T08:00:00.000000000Z`, lastSeen: `${DAY}T09:00:02.000000000Z` })
  })

  test('whose calls have no price have no cost, and are not free', async () => {
    expect((await ask({ id: 'unpriced' })).rows).toMatchObject([{ id: 'unpriced', costUsd: null, unpriced: 1 }])
  })

  test('page by page, sorted, searched, of a user, of a time', async () => {
    expect((await ask({ sort: 'tokens', descending: true, limit: 1 })).rows.map((row) => row.id)).toEqual(['otel'])
    expect((await ask({ sort: 'id', limit: 2, offset: 2 })).rows.map((row) => row.id)).toEqual(['otel', 'unpriced'])
    expect((await ask({ q: 'BOB' })).rows.map((row) => row.id)).toEqual(['unpriced'])
    expect((await ask({ userId: 'ada' })).rows.map((row) => row.id)).toEqual(['no spans', 'of runs', 'otel'])
    expect((await ask({ from: `${DAY}T10:30:00Z` })).rows.map((row) => row.id)).toEqual(['no spans', 'of runs'])
    expect(await ask({ q: "'; DROP TABLE spans" })).toEqual({ rows: [], total: 0 })
  })

  test('that the other project calls the same are its own', async () => {
    expect((await ask({ projectId: theirs })).rows).toMatchObject([{ id: 'otel', userId: 'eve', turns: 1 }])
  })
})

test('users: their runs, sessions and what they cost, also of no session', async () => {
  const { rows } = await ask({ by: 'user' })
  expect(rows).toMatchObject([
    { id: 'ada', sessions: 2, runs: 2, succeeded: 1, failed: 1, turns: 4, costUsd: '1.5', unpriced: 1 },
    { id: 'bob', sessions: 1, runs: 0, turns: 1, costUsd: null },
  ])
})

describe('the turns of a session', () => {
  test('come in order, with the context of their largest call and what went in and out', async () => {
    const { turns, calls, runs } = await getSessionTurns(store.client, { projectId: ours, sessionId: 'otel' })
    expect(turns.map((turn) => [turn.traceId, turn.errors, turn.cost.total, turn.runId])).toEqual([
      [hex(1, 32), 0, '0.5', ''],
      [hex(2, 32), 2, null, ''],
    ])
    expect(turns.map((turn) => turn.context)).toEqual([
      { input: 100, cacheRead: 20, cacheWrite: 0 },
      { input: 300, cacheRead: 20, cacheWrite: 0 },
    ])
    expect(calls.filter((call) => call.isModel).map((call) => call.inputHashes)).toEqual([[hex(1, 32)], [hex(2, 32)]])
    expect(runs).toEqual([])
  })

  test('have the newest calls where there are too many, in order', async () => {
    const { turns, calls } = await getSessionTurns(store.client, { projectId: ours, sessionId: 'otel' }, { mostCalls: 2 })
    expect(turns).toHaveLength(2)
    expect(calls.map((call) => [call.traceId, call.isModel])).toEqual([
      [hex(2, 32), false],
      [hex(2, 32), true],
    ])
  })

  test('name their run, by its newest state', async () => {
    const { turns, runs } = await getSessionTurns(store.client, { projectId: ours, sessionId: 'of runs' })
    expect(turns).toMatchObject([{ runId }])
    expect(runs).toMatchObject([{ runId, status: 'succeeded' }])
  })

  test('of a session that is not there are none', async () => {
    expect(await getSessionTurns(store.client, { projectId: theirs, sessionId: 'of runs' })).toEqual({ turns: [], calls: [], runs: [] })
  })
})

describe('traces', () => {
  const list = async (more: object) =>
    (
      await listTraces(store.client, {
        projectId: ours,
        from: `${DAY}T00:00:00Z`,
        to: `${DAY}T23:00:00Z`,
        limit: 10,
        before: null,
        ...more,
      })
    ).map((trace) => Number.parseInt(trace.traceId, 16))

  test('that belong to no run, that have errors, by environment, kind and duration', async () => {
    expect(await list({ noRun: true })).toEqual([6, 3, 2, 1])
    expect(await list({ hasErrors: true })).toEqual([2])
    expect(await list({ hasErrors: false, noRun: true })).toEqual([6, 3, 1])
    expect(await list({ environment: 'prod', kind: 'model', sessionId: 'otel' })).toEqual([2, 1])
    expect(await list({ minMs: 2_000, maxMs: 2_000 })).toEqual([6, 4, 3, 2, 1])
    expect(await list({ minMs: 2_001 })).toEqual([])
  })

  test('the largest first, page by page', async () => {
    expect(await list({ sort: 'tokens', limit: 2 })).toEqual([2, 6])
    expect(await list({ sort: 'tokens', limit: 2, offset: 2 })).toEqual([4, 3])
  })
})
