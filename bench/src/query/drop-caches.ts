import { spawnSync } from 'node:child_process'
import { accessSync, constants, writeFileSync } from 'node:fs'
import type { ClickHouseClient } from '@cairn/clickhouse'

const ENGINE_CACHES = [
  'MARK CACHE',
  'UNCOMPRESSED CACHE',
  'INDEX MARK CACHE',
  'PRIMARY INDEX CACHE',
  'TEXT INDEX CACHES',
  'QUERY CONDITION CACHE',
]
const SYSTEM_CACHES = '/proc/sys/vm/drop_caches'

/** The engine's caches always; the system's page cache where this user may: answers whether it did. */
export async function dropCaches(client: ClickHouseClient): Promise<boolean> {
  for (const cache of ENGINE_CACHES) await client.command({ query: `SYSTEM DROP ${cache}` }).catch(() => {})
  try {
    accessSync(SYSTEM_CACHES, constants.W_OK)
    spawnSync('sync')
    writeFileSync(SYSTEM_CACHES, '3')
    return true
  } catch {
    return false
  }
}
