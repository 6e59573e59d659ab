import type { ClickHouseClient } from '../client.ts'
import { runJson } from './run-json.ts'

export interface RunSeriesRow {
  /** Begin of the interval, RFC 3339. */
  readonly at: string
  readonly status: string
  readonly runs: number
}

export interface RunSeries {
  readonly intervalSeconds: number
  readonly rows: RunSeriesRow[]
}

const INTERVALS_S = [60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800]

/** Runs by outcome over time, sub-agents' runs apart; about as many intervals as `buckets` asks for. */
export async function getRunSeries(
  client: ClickHouseClient,
  input: { projectId: string; from: string; to: string; buckets: number },
): Promise<RunSeries> {
  const spanS = (Date.parse(input.to) - Date.parse(input.from)) / 1_000
  const intervalSeconds = INTERVALS_S.find((s) => spanS / s <= input.buckets) ?? 604_800
  const query = `SELECT formatDateTime(toStartOfInterval(created_at, toIntervalSecond({interval:UInt32})), '%Y-%m-%dT%H:%i:%SZ') AS at, status, count() AS runs
    FROM runs FINAL
    WHERE project_id = {projectId:UUID} AND parent_run_id = ''
      AND created_at >= parseDateTime64BestEffort({from:String}, 6) AND created_at < parseDateTime64BestEffort({to:String}, 6)
    GROUP BY at, status ORDER BY at`
  const rows = await runJson<{ at: string; status: string; runs: string }>(client, query, { ...input, interval: intervalSeconds })
  return { intervalSeconds, rows: rows.map((row) => ({ ...row, runs: Number(row.runs) })) }
}
