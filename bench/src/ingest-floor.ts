import type { ClickHouseClient } from '@cairn/clickhouse'

const TABLES = ['spans', 'span_attributes', 'contents'] as const
const ROWS = 20_000

/**
 * The engine alone: the rows that were just stored, as ready blocks in its fastest format, into empty tables of the same shape,
 * without the views that keep the sums.
 */
export async function measureFloor(
  client: ClickHouseClient,
  url: string,
  seconds: number,
  engineCpu: () => number,
): Promise<{ perSecond: number; cpuSecondsAMillion: number }> {
  const blocks: { table: string; body: Buffer }[] = []
  for (const table of TABLES) {
    const copy = `floor_${table}`
    await client.command({ query: `CREATE OR REPLACE TABLE ${copy} AS ${table}` })
    const limit =
      table === 'contents' ? `WHERE scope_id IN (SELECT scope_id FROM (SELECT scope_id FROM spans LIMIT ${ROWS}))` : `LIMIT ${ROWS}`
    blocks.push({ table: copy, body: await ask(url, `SELECT * FROM ${table} ${limit} FORMAT Native`) })
  }
  const stored = await client.query({ query: 'SELECT count() AS n FROM spans', format: 'JSONEachRow' })
  const spans = Math.min(ROWS, Number((await stored.json<{ n: string }>())[0]?.n))
  const cpuBefore = engineCpu()
  const startedAt = performance.now()
  let rows = 0
  while (performance.now() - startedAt < seconds * 1_000) {
    for (const { table, body } of blocks) await ask(url, `INSERT INTO ${table} FORMAT Native`, body)
    rows += spans
  }
  const elapsedMs = performance.now() - startedAt
  const cpu = engineCpu() - cpuBefore
  for (const { table } of blocks) await client.command({ query: `DROP TABLE ${table}` })
  return { perSecond: rows / (elapsedMs / 1_000), cpuSecondsAMillion: (cpu / rows) * 1e6 }
}

async function ask(url: string, query: string, body?: Buffer): Promise<Buffer> {
  const address = new URL(url)
  const authorization = `Basic ${Buffer.from(`${address.username}:${address.password}`).toString('base64')}`
  const target = `${address.origin}/?${new URLSearchParams({ query, database: address.pathname.slice(1), async_insert: '0' })}`
  const answer = await fetch(target, {
    method: 'POST',
    headers: { authorization },
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
  })
  const bytes = Buffer.from(await answer.arrayBuffer())
  if (!answer.ok) throw new Error(bytes.toString('utf8').slice(0, 500))
  return bytes
}
