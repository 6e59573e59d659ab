import type { ClickHouseClient } from '../../client.ts'
import { runJson } from '../run-json.ts'
import { trimDecimal } from '../usage-columns.ts'
import { buildReport, type ReportInput, type ReportRow, RUN_DIMENSIONS, readGroup, toNumber } from './report-query.ts'

export const FAILURES_COLUMNS = ['errorGroup', 'errorType', 'errorMessage', 'failures', 'firstSeen', 'lastSeen', 'costLost'] as const

/** Runs that failed or crashed, by group and cause, most frequent first, with what they had cost; null if that is unknown. */
export async function failuresReport(client: ClickHouseClient, input: ReportInput): Promise<ReportRow[]> {
  const { select, group, where, params } = buildReport(input, RUN_DIMENSIONS, 'runs.created_at')
  const failed = `${where} AND runs.status IN ('failed', 'crashed')`
  const query = `SELECT ${select}runs.error_group AS cause, any(runs.error_type) AS type,
      argMax(runs.error_message, runs.created_at) AS message, count() AS failures, toString(min(runs.created_at)) AS first,
      toString(max(runs.created_at)) AS last, toString(sum(spent.cost)) AS cost, sum(spent.unknown) AS unknown
    FROM (SELECT * FROM runs FINAL WHERE ${failed}) AS runs
    LEFT JOIN (
      SELECT run_id, sum(cost_total) AS cost, sum(unpriced) AS unknown FROM run_usage
      WHERE project_id = {projectId:UUID} AND run_id IN (SELECT toString(runs.run_id) FROM runs FINAL WHERE ${failed}) GROUP BY run_id
    ) AS spent ON toString(runs.run_id) = spent.run_id
    ${group === '' ? 'GROUP BY' : `${group},`} cause ORDER BY failures DESC, last DESC LIMIT {limit:UInt32}`
  const rows = await runJson<Record<string, string>>(client, query, params)
  return rows.map((row) => ({
    ...readGroup(row, input.groupBy),
    errorGroup: row.cause ?? '',
    errorType: row.type ?? '',
    errorMessage: row.message ?? '',
    failures: toNumber(row.failures),
    firstSeen: toTime(row.first),
    lastSeen: toTime(row.last),
    costLost: toNumber(row.unknown) > 0 ? null : trimDecimal(row.cost ?? '0'),
  }))
}

const toTime = (text: string | undefined): string => `${(text ?? '').replace(' ', 'T')}Z`
