import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestStore, type TestStore } from '../../testing/test-store.fixture.ts'
import { listFailureEvents } from './get-failure-group.ts'
import { listFailureGroups } from './list-failure-groups.ts'

const project = '01980000-0000-7000-8000-000000000001'
const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')

let store: TestStore
beforeAll(async () => {
  store = await startTestStore()
})
afterAll(() => store?.stop())

interface Failed {
  readonly trace: number
  readonly id: number
  readonly parent?: number
  readonly name: string
  /** After the trace's begin. */
  readonly endMs: number
}

const toRow = ({ trace, id, parent, name, endMs }: Failed) => ({
  ...{ project_id: project, trace_id: hex(trace, 32), span_id: hex(id, 16), parent_span_id: parent === undefined ? '' : hex(parent, 16) },
  ...{ name, service: 'shop', status: 'error', error_type: 'Error', error_message: name, error_group: hex(trace, 16), version: 1 },
  start_time: '2026-11-20T08:00:00Z',
  end_time: new Date(Date.parse('2026-11-20T08:00:00Z') + endMs).toISOString(),
})

test('a trace with thousands of spans in error is one failure, by the deepest of those that ended last', async () => {
  const many = (trace: number, parent: number) =>
    Array.from({ length: 5_000 }, (_, n): Failed => ({ trace, id: n + 1, parent, name: 'tried again', endMs: n }))
  // Root and cause are read after thousands of others.
  const [root, tool, db] = [90_003, 90_002, 90_001]
  const failed: Failed[] = [
    ...many(1, root),
    { trace: 1, id: root, name: 'GET /ask', endMs: 9_000 },
    { trace: 1, id: tool, parent: root, name: 'tool', endMs: 8_000 },
    { trace: 1, id: db, parent: tool, name: 'db', endMs: 7_000 },
    // The root of this one isn't in error.
    ...many(2, root),
    // Nothing below the root of this one is.
    { trace: 3, id: root, name: 'GET /other', endMs: 10 },
  ]
  await store.client.insert({ table: 'spans', values: failed.map(toRow), format: 'JSONEachRow' })
  const scope = { projectId: project, from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z', merged: [] }
  expect(await listFailureEvents(store.client, scope, 10)).toMatchObject([
    { traceId: hex(1, 32), spanId: hex(db, 16), step: 'db', agent: 'shop', failedAt: '2026-11-20T08:00:09.000000Z', durationMs: 9_000 },
    { traceId: hex(3, 32), spanId: hex(root, 16), step: 'GET /other', durationMs: 10 },
  ])
  // One of them in the very second in which the range ends.
  const range = { ...scope, from: '2026-11-20T07:00:09.500Z', to: '2026-11-20T08:00:09.500Z', intervalSeconds: 60 }
  const { rows } = await listFailureGroups(store.client, range)
  expect(rows.map(({ trend }) => [trend.length, trend.reduce((sum, n) => sum + n, 0)])).toEqual([
    [60, 1],
    [60, 1],
  ])
})
