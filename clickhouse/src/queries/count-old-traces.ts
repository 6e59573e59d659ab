import type { ClickHouseClient } from '../client.ts'
import { runJson } from './run-json.ts'

/** How many traces have spans that began before a time (RFC 3339), and how many spans. */
export async function countOldTraces(
  client: ClickHouseClient,
  input: { projectId: string; before: string },
): Promise<{ traces: number; spans: number }> {
  const [row] = await runJson<{ traces: string; spans: string }>(
    client,
    `SELECT uniq(trace_id) AS traces, count() AS spans FROM spans
     WHERE project_id = {projectId:UUID} AND start_time < parseDateTime64BestEffort({before:String}, 9)`,
    input,
  )
  return { traces: Number(row?.traces ?? 0), spans: Number(row?.spans ?? 0) }
}
