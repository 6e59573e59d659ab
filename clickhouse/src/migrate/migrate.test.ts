import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createClickHouse } from '../client.ts'
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from '../embedded/index.ts'
import { migrate } from './index.ts'

let dataDir: string
let engine: EmbeddedClickHouse
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'cairn-migrate-'))
  engine = await startEmbeddedClickHouse({ dataDir })
})
afterAll(async () => {
  await engine?.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

it('makes the database and its tables, also when two start at once, and then has nothing to do', async () => {
  await Promise.all([migrate({ url: engine.url }), migrate({ url: engine.url })])
  expect(await migrate({ url: engine.url })).toEqual([])
  const client = createClickHouse({ url: engine.url })
  const tables = await client.query({
    query: "SELECT name FROM system.tables WHERE database = 'cairn' ORDER BY name",
    format: 'JSONEachRow',
  })
  const names = (await tables.json<{ name: string }>()).map((row) => row.name)
  expect(names).toEqual(expect.arrayContaining(['contents', 'hourly_stats', 'run_usage', 'runs', 'span_attributes', 'spans']))
  await client.close()
})
