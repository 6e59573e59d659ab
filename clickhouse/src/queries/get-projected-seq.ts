import type { ClickHouseClient } from '../client.ts'
import { runJson } from './run-json.ts'

/** The newest version in `runs`, of all projects: how far they were copied from Postgres. 0 before the first. */
export async function getProjectedSeq(client: ClickHouseClient): Promise<number> {
  const rows = await runJson<{ seq: string }>(client, 'SELECT max(version) AS seq FROM runs', {})
  return Number(rows[0]?.seq ?? 0)
}
