import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestStore, type TestStore } from '../testing/test-store.fixture.ts'
import { getTraceColumns, getTraceSums } from './get-trace-columns.ts'

const projectId = '01980000-0000-7000-8000-000000000001'
const traceId = 'a'.repeat(32)
/** More than the engine puts into one block, with more names than one byte counts. */
const SPANS = 70_000
const NAMES = 300

let store: TestStore
beforeAll(async () => {
  store = await startTestStore()
  await store.client.command({
    query: `INSERT INTO spans (project_id, trace_id, span_id, parent_span_id, name, kind, start_time, end_time, status, step_key,
        billable, priced, usage_total, usage_input, cost_total, ttft_ms, version, execution, interrupted)
      SELECT {projectId:UUID}, {traceId:String}, lower(leftPad(hex(number + 1), 16, '0')), if(number = 0, '', '0000000000000001'),
        concat('call ', toString(number % ${NAMES}), if(number = 5, ' Größe', '')), 'model',
        fromUnixTimestamp64Nano(toInt64(1764000000000000000 + number * 1000)), fromUnixTimestamp64Nano(toInt64(1764000000000000000 + number * 3001)),
        if(number % 7 = 0, 'error', 'ok'), if(number = 0, '', concat('step/', toString(number))), number % 2, number != 3, 10, 10,
        CAST(toDecimal64('0.000000000001', 12) * number AS Decimal(18, 12)), if(number = 2, 12.5, NULL), 1, 2, number = 9
      FROM numbers(${SPANS})`,
    query_params: { projectId, traceId },
  })
}, 60_000)
afterAll(() => store?.stop())

test('gives the spans of a trace as flat columns, over blocks of the engine', async () => {
  const { rows, columns } = await getTraceColumns(store.client, { projectId, traceId, limit: 200_000 })
  expect(rows).toBe(SPANS)
  const last = SPANS - 1
  expect(columns.id[last]).toBe(BigInt(SPANS))
  expect([columns.parent[0], columns.parent[last]]).toEqual([0n, 1n])
  expect(columns.start[last]).toBe(1_764_000_000_000_000_000n + BigInt(last) * 1_000n)
  expect(columns.duration[last]).toBe(BigInt(last) * 2_001n)
  const nameOf = (row: number) => columns.name.words[columns.name.indexes[row] ?? -1]
  expect([nameOf(0), nameOf(5), nameOf(last)]).toEqual(['call 0', 'call 5 Größe', `call ${last % NAMES}`])
  expect(columns.step.words[columns.step.indexes[last] ?? -1]).toBe(`step/${last}`)
  expect([columns.cost[0], columns.cost[last]]).toEqual([0n, BigInt(last)])
  expect([columns.ttft[2], columns.ttft[3]]).toEqual([12.5, Number.NaN])
  expect([columns.interrupted[9], columns.interrupted[8], columns.billable[1], columns.priced[3]]).toEqual([1, 0, 1, 0])
})

test('gives no row for a trace that is not there, nor for that of another project', async () => {
  expect((await getTraceColumns(store.client, { projectId, traceId: 'b'.repeat(32), limit: 10 })).rows).toBe(0)
  const other = '01980000-0000-7000-8000-000000000002'
  expect((await getTraceColumns(store.client, { projectId: other, traceId, limit: 10 })).rows).toBe(0)
})

test('sums what is billable, and tells when a span changes', async () => {
  const before = await getTraceSums(store.client, { projectId, traceId })
  expect(before).toMatchObject({
    spans: SPANS,
    usage: { input: (SPANS / 2) * 10, total: (SPANS / 2) * 10 },
    cost: { priced: false, total: null },
  })
  expect((await getTraceSums(store.client, { projectId, traceId })).fingerprint).toBe(before.fingerprint)
  await store.client.command({
    query: `INSERT INTO spans (project_id, trace_id, span_id, start_time, end_time, version)
      VALUES ({projectId:UUID}, {traceId:String}, 'ffffffffffffffff', now64(9), now64(9), 1)`,
    query_params: { projectId, traceId },
  })
  expect((await getTraceSums(store.client, { projectId, traceId })).fingerprint).not.toBe(before.fingerprint)
})
