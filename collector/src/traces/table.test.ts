import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { type FoundInTrace, SPAN_FLAGS, SpanTableReader } from '@cairn/sdk/protocol'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { KEY, startTestCollector, type TestCollector } from '../ingest/test-collector.fixture.ts'
import { settleSpans } from '../ingest/write-spans.ts'

let collector: TestCollector
beforeAll(async () => {
  collector = await startTestCollector()
}, 60_000)
afterAll(() => collector?.stop())

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${collector.url}${path}`, { headers: { authorization: `Bearer ${KEY}`, ...headers } })

interface Sent {
  readonly id: string
  readonly parent?: string
  readonly startMs: number
  readonly name: string
  readonly attributes?: Record<string, string>
  readonly failed?: boolean
}

async function send(traceId: string, spans: readonly Sent[]): Promise<void> {
  const body = {
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: spans.map((span) => ({
              traceId,
              spanId: span.id,
              ...(span.parent === undefined ? {} : { parentSpanId: span.parent }),
              name: span.name,
              kind: 1,
              startTimeUnixNano: String(1_764_000_000_000_000_000n + BigInt(span.startMs) * 1_000_000n + 7n),
              endTimeUnixNano: String(1_764_000_000_000_000_000n + BigInt(span.startMs + 5) * 1_000_000n + 7n),
              status: { code: span.failed ? 2 : 1 },
              attributes: Object.entries(span.attributes ?? {}).map(([key, stringValue]) => ({ key, value: { stringValue } })),
            })),
          },
        ],
      },
    ],
  }
  const answer = await fetch(`${collector.url}/v1/traces`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(answer.status).toBe(200)
}

async function readTable(traceId: string) {
  const answer = await get(`/api/v1/traces/${traceId}/table`)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/vnd.cairn.spans'])
  const reader = new SpanTableReader()
  reader.push(new Uint8Array(await answer.arrayBuffer()))
  expect(reader.isComplete).toBe(true)
  const { table } = reader
  if (table === undefined) throw new Error('no table')
  return { table, tag: answer.headers.get('etag') ?? '' }
}

test('a trace as a table: in order of the start, parents by row, a lost parent as none, exact times', async () => {
  const traceId = randomBytes(16).toString('hex')
  await send(traceId, [
    { id: '00000000000000b2', parent: '00000000000000a1', startMs: 20, name: 'second', failed: true },
    { id: 'ff000000000000b1', parent: '00000000000000a1', startMs: 10, name: 'first', attributes: { 'gen_ai.operation.name': 'chat' } },
    { id: '00000000000000a1', startMs: 0, name: 'root' },
    { id: '00000000000000c1', parent: 'dddddddddddddddd', startMs: 30, name: 'lost its parent' },
  ])
  const { table, tag } = await readTable(traceId)
  const { columns, words, meta } = table
  expect(Array.from(columns.name, (word) => words[word])).toEqual(['root', 'first', 'second', 'lost its parent'])
  expect([...columns.parent]).toEqual([-1, 0, 0, -1])
  expect([...columns.start]).toEqual([0, 10_000_000, 20_000_000, 30_000_000])
  expect(meta).toMatchObject({ traceId, origin: '1764000000000000007', rows: 4, truncated: false })
  expect(columns.id[1]?.toString(16)).toBe('ff000000000000b1')
  expect(words[columns.kind[1] ?? -1]).toBe('model')
  expect(Array.from(columns.flags, (flags) => (flags & SPAN_FLAGS.error) > 0)).toEqual([false, false, true, false])

  const again = await get(`/api/v1/traces/${traceId}/table`, { 'if-none-match': tag })
  expect(again.status).toBe(304)
  await send(traceId, [{ id: '00000000000000d1', parent: '00000000000000a1', startMs: 40, name: 'third' }])
  const changed = await get(`/api/v1/traces/${traceId}/table`, { 'if-none-match': tag })
  expect(changed.status).toBe(200)
})

test('a span that comes after the table was read changes its tag, also while that answer is made', async () => {
  const traceId = randomBytes(16).toString('hex')
  await send(traceId, [{ id: '00000000000000a1', startMs: 0, name: 'root' }])
  const { clickhouse, ctx } = collector
  const [query, exec] = [clickhouse.query.bind(clickhouse), clickhouse.exec.bind(clickhouse)]
  const tableWasRead = Promise.withResolvers<void>()
  // Sums that are asked for at the same time as the table are answered after it, and after the span.
  const slowSums = vi.spyOn(clickhouse, 'query').mockImplementation((async (params: Parameters<typeof query>[0]) => {
    if (params.query.includes('AS fingerprint')) await Promise.race([tableWasRead.promise, delay(1_000)])
    return query(params)
  }) as typeof query)
  const table = vi.spyOn(clickhouse, 'exec').mockImplementation(async (params) => {
    const answer = await exec(params)
    await send(traceId, [{ id: '00000000000000d1', startMs: 1, name: 'late' }])
    await settleSpans(ctx)
    tableWasRead.resolve()
    return answer
  })
  const first = await readTable(traceId).finally(() => {
    slowSums.mockRestore()
    table.mockRestore()
  })
  expect(first.table.rows).toBe(1)
  expect((await get(`/api/v1/traces/${traceId}/table`, { 'if-none-match': first.tag })).status).toBe(200)
  expect((await readTable(traceId)).table.rows).toBe(2)
})

test('finds spans by what their inputs, outputs, attributes and errors say, in any case, with quotes and backslashes', async () => {
  const traceId = randomBytes(16).toString('hex')
  const long = 'x'.repeat(3_000)
  await send(traceId, [
    { id: '0000000000000001', startMs: 0, name: 'a', attributes: { 'input.value': `${long} Refund "POLICY" \\ of Skye` } },
    { id: '0000000000000002', startMs: 1, name: 'b', attributes: { 'output.value': `{"text":"nothing to see ${long}"}` } },
    { id: '0000000000000003', startMs: 2, name: 'c', attributes: { 'app.note': 'the größe of it' } },
  ])
  const find = async (q: string) =>
    ((await (await get(`/api/v1/traces/${traceId}/find?q=${encodeURIComponent(q)}`)).json()) as FoundInTrace).spanIds.toSorted()
  expect(await find('refund "policy" \\ OF')).toEqual(['0000000000000001'])
  expect(await find('nothing to see')).toEqual(['0000000000000002'])
  expect(await find('GRÖSSE'.replace('SS', 'ß'))).toEqual(['0000000000000003'])
  expect(await find('%_')).toEqual([])
  expect((await get(`/api/v1/traces/${traceId}/find`)).status).toBe(400)
})

test('a trace that is not there is 404', async () => {
  expect((await get(`/api/v1/traces/${randomBytes(16).toString('hex')}/table`)).status).toBe(404)
})
