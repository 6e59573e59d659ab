import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClickHouseClient, createClickHouse } from '../client.ts'
import { startEmbeddedClickHouse } from '../embedded/start.ts'
import { migrate } from '../migrate/migrate.ts'

export interface TestStore {
  readonly client: ClickHouseClient
  stop(): Promise<void>
}

/** The real engine with all tables, on a folder of its own. */
export async function startTestStore(): Promise<TestStore> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cairn-test-clickhouse-'))
  const engine = await startEmbeddedClickHouse({ dataDir })
  await migrate({ url: engine.url })
  const client = createClickHouse({ url: engine.url })
  return {
    client,
    stop: async () => {
      await client.close()
      await engine.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
