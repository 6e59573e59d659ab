import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestStore, type TestStore } from '../testing/test-store.fixture.ts'
import { getOverview } from './get-overview.ts'

let store: TestStore
beforeAll(async () => {
  store = await startTestStore()
})
afterAll(() => store?.stop())

test('runs took as long as they were worked on; of those copied before that was kept, from their start to their end', async () => {
  const projectId = '01980000-0000-7000-8000-000000000001'
  const run = { project_id: projectId, trace_id: 'a'.repeat(32), status: 'succeeded', executions: 2, version: 1 }
  const times = { created_at: '2026-01-01 12:00:00', started_at: '2026-01-01 12:00:00', ended_at: '2026-01-01 13:00:00' }
  const insert = (n: number, active_ms: number | null) =>
    store.client.insert({
      table: 'runs',
      values: [{ ...run, ...times, run_id: `01980000-0000-7000-8000-00000000000${n}`, active_ms }],
      format: 'JSONEachRow',
    })
  const overview = () => getOverview(store.client, { projectId, from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' })
  expect(await overview()).toMatchObject({ runs: 0, p50Ms: null, p95Ms: null })
  await insert(1, 3_500)
  expect(await overview()).toMatchObject({ runs: 1, p50Ms: 3_500, p95Ms: 3_500 })
  await insert(2, null)
  expect(await overview()).toMatchObject({ runs: 2, succeeded: 2, p95Ms: 3_600_000 })
})
