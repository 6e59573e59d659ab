import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { type ClickHouseClient, createClient } from '@clickhouse/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrate } from '../migrate/index.ts'
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from './index.ts'

const QUIET = { log: { level: 127 as never } }

let dataDir: string
let engine: EmbeddedClickHouse
let client: ClickHouseClient
let url: URL
let authorization: string
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'cairn-engine-'))
  engine = await startEmbeddedClickHouse({ dataDir })
  url = new URL(engine.url)
  authorization = `Basic ${Buffer.from(`${url.username}:${url.password}`).toString('base64')}`
  await migrate({ url: engine.url })
  client = createClient({ url: engine.url, ...QUIET })
  await client.command({ query: 'CREATE TABLE t (n UInt64, s String) ENGINE = MergeTree ORDER BY n' })
})
afterAll(async () => {
  await client?.close()
  await engine?.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

const rows = async <T>(query: string, options: object = {}) => (await client.query({ query, format: 'JSONEachRow', ...options })).json<T>()
const count = async (where = '1') => Number((await rows<{ c: string }>(`SELECT count() AS c FROM t WHERE ${where}`))[0]?.c)
const post = (query: string, body: string | Buffer = '', headers: Record<string, string> = {}, more = '') =>
  fetch(`http://${url.host}/?database=cairn&query=${encodeURIComponent(query)}${more}`, {
    method: 'POST',
    body,
    headers: { authorization, ...headers },
  })

describe('the embedded engine, by ClickHouse’s own client', () => {
  it('answers a ping', async () => {
    expect(await client.ping()).toEqual({ success: true })
  })

  it('binds parameters of every kind and takes settings', async () => {
    const [row] = await rows("SELECT {n:UInt8} AS n, {s:String} AS s, {a:Array(String)} AS a, getSetting('max_threads') AS t", {
      query_params: { n: 7, s: "it's a\ttab\n'quoted' back\\\\slash", a: ["o'ne", 'two', 'back\\\\slash', 'a\tb'] },
      clickhouse_settings: { max_threads: 1 },
    })
    expect(row).toEqual({ n: 7, s: "it's a\ttab\n'quoted' back\\\\slash", a: ["o'ne", 'two', 'back\\\\slash', 'a\tb'], t: 1 })
  })

  it('binds as much as fits into an address of ClickHouse’s', async () => {
    const ids = Array.from({ length: 15_000 }, () => randomUUID())
    const [row] = await rows<{ n: string }>('SELECT length({ids:Array(String)}) AS n', { query_params: { ids } })
    expect(Number(row?.n)).toBe(15_000)
  })

  it('forgets a query’s settings after it', async () => {
    await rows('SELECT 1', { clickhouse_settings: { max_result_rows: '1' } })
    for (let i = 0; i < 8; i++) expect(await rows('SELECT number FROM numbers(3)')).toHaveLength(3)
  })

  it('streams a million rows without holding them', async () => {
    const result = await client.query({ query: 'SELECT number AS n FROM numbers(1000000)', format: 'JSONEachRow' })
    let seen = 0
    for await (const chunk of result.stream()) seen += chunk.length
    expect(seen).toBe(1_000_000)
  })

  it('answers a whole document in formats that have a frame', async () => {
    const result = await client.query({ query: 'SELECT number AS n FROM numbers(200000)', format: 'JSONColumnsWithMetadata' })
    const document = await result.json<{ n: string[] }>()
    expect((document as unknown as { rows: number }).rows).toBe(200_000)
  })

  it('answers statements that have no stream of rows in formats that could be one', async () => {
    for (const query of ['EXPLAIN SELECT 1', 'SHOW DATABASES', 'EXISTS TABLE system.one', 'DESCRIBE TABLE system.one']) {
      const rows = await (await client.query({ query, format: 'JSONEachRow' })).json()
      expect(rows, query).not.toEqual([])
    }
  })

  it('inserts rows, streams of rows, CSV, and compressed bodies', async () => {
    await client.insert({ table: 't', values: [{ n: 1, s: 'nul \0 and ünïcode' }], format: 'JSONEachRow' })
    await client.insert({
      table: 't',
      values: Readable.from([
        { n: 2, s: 'b' },
        { n: 2, s: 'c' },
      ]),
      format: 'JSONEachRow',
    })
    await client.insert({ table: 't', values: Readable.from(['3,"x, y"\n', '3,z\n'], { objectMode: false }), format: 'CSV' })
    const compressing = createClient({ url: engine.url, compression: { request: true, response: true }, ...QUIET })
    await compressing.insert({ table: 't', values: [{ n: 4, s: 'gz' }], format: 'JSONEachRow' })
    const answer = await compressing.query({ query: 'SELECT s FROM t WHERE n = 4', format: 'JSONEachRow' })
    expect(await answer.json()).toEqual([{ s: 'gz' }])
    await compressing.close()
    expect(await rows('SELECT n, s FROM t WHERE n < 4 ORDER BY n, s')).toEqual(
      [
        { n: '1', s: 'nul \0 and ünïcode' },
        { n: '2', s: 'b' },
        { n: '2', s: 'c' },
        { n: '3', s: 'x, y' },
        { n: '3', s: 'z' },
      ].map((row) => ({ ...row, n: Number(row.n) })),
    )
  })

  it.each(['RowBinary', 'Native', 'Parquet'])('takes back in %s what it gave', async (format) => {
    const given = await post(`SELECT number + 1000 AS n, toString(number) AS s FROM numbers(1000) FORMAT ${format}`)
    const bytes = Buffer.from(await given.arrayBuffer())
    const stored = await post(`INSERT INTO t FORMAT ${format}`, gzipSync(bytes), { 'content-encoding': 'gzip' })
    expect([stored.status, await stored.text()]).toEqual([200, ''])
    expect(await count('n >= 1000 AND n < 2000')).toBe(1_000)
    await client.command({ query: 'ALTER TABLE t DELETE WHERE n >= 1000', clickhouse_settings: { mutations_sync: '2' } })
  })

  it.each([
    ['an unknown table', 'SELECT * FROM nope', '60', 'UNKNOWN_TABLE'],
    ['bad syntax', 'SELECT FROM WHERE', '62', 'SYNTAX_ERROR'],
    ['a missing parameter', 'SELECT {x:UInt8}', '456', 'UNKNOWN_QUERY_PARAMETER'],
  ])('says what is wrong with %s by the server’s codes', async (_what, query, code, type) => {
    await expect(rows(query)).rejects.toMatchObject({ code, type })
  })

  it('refuses a wrong password, an unknown setting, and writes by GET', async () => {
    const wrong = createClient({ url: engine.url.replace(url.password, 'wrong'), ...QUIET })
    await expect(wrong.query({ query: 'SELECT 1' })).rejects.toMatchObject({ code: '516' })
    await wrong.close()
    await expect(rows('SELECT 1', { clickhouse_settings: { no_such_setting: 1 } })).rejects.toMatchObject({ code: '115' })
    const get = await fetch(`http://${url.host}/?query=${encodeURIComponent('DROP TABLE cairn.t')}`, { headers: { authorization } })
    expect(get.headers.get('x-clickhouse-exception-code')).toBe('164')
  })

  it('tells of an exception in the middle of the rows', async () => {
    const result = await client.query({ query: 'SELECT number, throwIf(number = 900000) FROM numbers(1000000)', format: 'JSONEachRow' })
    const read = async () => {
      for await (const _ of result.stream()) void _
    }
    await expect(read()).rejects.toMatchObject({ code: '395' })
  })

  it('stops a query whose caller went away, and leaves nothing of it in the next answer', async () => {
    const abort = new AbortController()
    setTimeout(() => abort.abort(), 200)
    const query = 'SELECT count() FROM numbers(100000000000) WHERE NOT ignore(number)'
    await expect(client.query({ query, format: 'JSON', abort_signal: abort.signal })).rejects.toThrow('abort')
    const running = async () =>
      (
        await rows<{ c: string }>(
          "SELECT count() AS c FROM system.processes WHERE query LIKE '%100000000000%' AND query NOT LIKE '%processes%'",
        )
      )[0]?.c
    for (let i = 0; i < 100 && Number(await running()) > 0; i++) await new Promise((resolve) => setTimeout(resolve, 50))
    expect(Number(await running())).toBe(0)
    for (let i = 0; i < 12; i++) expect(await rows('SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it('answers many at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, i) => rows<{ n: number }>('SELECT {i:UInt8} AS n, sleep(0.05)', { query_params: { i } })),
    )
    expect(answers.map(([row]) => row?.n)).toEqual(Array.from({ length: 24 }, (_, i) => i))
  })

  it('refuses a query id that runs already', async () => {
    const first = rows('SELECT sleep(1)', { query_id: 'the-same' })
    await new Promise((resolve) => setTimeout(resolve, 200))
    await expect(rows('SELECT 1', { query_id: 'the-same' })).rejects.toMatchObject({ code: '216' })
    await first
  })

  it('keeps a session’s temporary table', async () => {
    const session = createClient({ url: engine.url, session_id: 'hike', ...QUIET })
    await session.command({ query: 'CREATE TEMPORARY TABLE stones (n UInt8)' })
    await session.insert({ table: 'stones', values: [{ n: 4 }], format: 'JSONEachRow' })
    expect(await (await session.query({ query: 'SELECT n FROM stones', format: 'JSONEachRow' })).json()).toEqual([{ n: 4 }])
    await session.close()
  })
})

it('has every acknowledged row after it was killed in the middle of inserts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-engine-'))
  const first = await startEmbeddedClickHouse({ dataDir: folder })
  await migrate({ url: first.url })
  const writer = createClient({ url: first.url, ...QUIET })
  await writer.command({ query: 'CREATE TABLE k (n UInt64) ENGINE = MergeTree ORDER BY n' })
  let acknowledged = 0
  const writing = (async () => {
    for (;;) {
      await writer.insert({ table: 'k', values: [{ n: acknowledged }], format: 'JSONEachRow' })
      acknowledged += 1
      if (acknowledged === 40) process.kill(first.pid, 'SIGKILL')
    }
  })()
  await expect(writing).rejects.toThrow()
  await first.exited
  await writer.close()

  const second = await startEmbeddedClickHouse({ dataDir: folder })
  const reader = createClient({ url: second.url, ...QUIET })
  const result = await reader.query({ query: 'SELECT uniqExact(n) AS c, max(n) AS top FROM k', format: 'JSONEachRow' })
  const [row] = await result.json<{ c: string; top: string }>()
  // What was in flight may have been stored; what was acknowledged must have been.
  expect(Number(row?.c)).toBeGreaterThanOrEqual(acknowledged)
  expect(Number(row?.top)).toBe(Number(row?.c) - 1)
  await reader.close()
  await second.stop()
  rmSync(folder, { recursive: true, force: true })
})
