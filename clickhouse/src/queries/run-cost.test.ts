import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClickHouseClient } from '../client.ts'
import { startTestStore, type TestStore } from '../testing/test-store.fixture.ts'
import { getOverview } from './get-overview.ts'
import { savingsReport } from './reports/savings-report.ts'
import { getRerunCosts } from './run-cost.ts'

let store: TestStore
let client: ClickHouseClient
beforeAll(async () => {
  store = await startTestStore()
  client = store.client
})
afterAll(() => store?.stop())

const projectId = '01980000-0000-7000-8000-000000000001'
const RANGE = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }

async function insertRun(id: string, status: string, costs: [step: string, execution: number, usd: string][]): Promise<void> {
  const executions = Math.max(...costs.map(([, execution]) => execution))
  const created_at = '2026-01-01 12:00:00'
  await client.insert({
    table: 'runs',
    values: [{ project_id: projectId, run_id: id, trace_id: 'a'.repeat(32), status, executions, created_at, version: 1 }],
    format: 'JSONEachRow',
  })
  const values = costs.map(([step_key, execution, cost_total]) => ({ project_id: projectId, run_id: id, step_key, execution, cost_total }))
  await client.insert({ table: 'run_usage', values, format: 'JSONEachRow' })
}

test('lost is what failed runs cost, and what steps of others cost in executions after which they ran again', async () => {
  const [failed, again, once] = [1, 2, 3].map((n) => `01980000-0000-7000-8000-00000000000${n}`) as [string, string, string]
  await insertRun(failed, 'failed', [
    ['plan', 1, '1.5'],
    ['plan', 2, '0.25'],
  ])
  await insertRun(again, 'succeeded', [
    ['', 1, '8'],
    ['plan', 1, '1'],
    ['write', 1, '4'],
    ['write', 2, '0.5'],
    ['write', 3, '4.125'],
  ])
  await insertRun(once, 'succeeded', [['plan', 1, '100']])
  expect(await getRerunCosts(client, { projectId, runIds: [failed, again, once] })).toEqual(
    new Map([
      [failed, { usd: '1.5', unpriced: 0 }],
      [again, { usd: '4.5', unpriced: 0 }],
    ]),
  )
  expect((await getOverview(client, { projectId, ...RANGE })).lostUsd).toBe('6.25')
  const [row] = await savingsReport(client, { projectId, ...RANGE, groupBy: [], filter: {} })
  expect(row?.lostUsd).toBe('6.25')
})

test('what was lost of calls without a price is unknown, not nothing; of calls with and without one it is the priced part', async () => {
  const projectId = '01980000-0000-7000-8000-000000000002'
  const insert = async (id: string, usage: { cost_total: string; unpriced: number }[]) => {
    const run = { project_id: projectId, run_id: id, trace_id: 'b'.repeat(32), status: 'failed', executions: 1 }
    await client.insert({ table: 'runs', values: [{ ...run, created_at: '2026-01-01 12:00:00', version: 1 }], format: 'JSONEachRow' })
    const values = usage.map((row) => ({ project_id: projectId, run_id: id, step_key: 'plan', execution: 1, ...row }))
    await client.insert({ table: 'run_usage', values, format: 'JSONEachRow' })
  }
  const lost = async () => {
    const [row] = await savingsReport(client, { projectId, ...RANGE, groupBy: [], filter: {} })
    return [(await getOverview(client, { projectId, ...RANGE })).lostUsd, row?.lostUsd]
  }
  await insert('01980000-0000-7000-8000-00000000000a', [])
  expect(await lost()).toEqual(['0', '0'])
  await insert('01980000-0000-7000-8000-00000000000b', [{ cost_total: '0', unpriced: 2 }])
  expect(await lost()).toEqual([null, null])
  await insert('01980000-0000-7000-8000-00000000000c', [{ cost_total: '0.5', unpriced: 0 }])
  expect(await lost()).toEqual(['0.5', '0.5'])
})
