import type { ClickHouseClient } from '../../client.ts'
import { runJson } from '../run-json.ts'
import { buildReport, type ReportInput, type ReportRow, readGroup, SPAN_DIMENSIONS, toMs, toNumber } from './report-query.ts'

export const TOOLS_COLUMNS = ['calls', 'errors', 'errorRate', 'interrupted', 'p50Ms', 'p95Ms', 'lastError'] as const

const MS = '(toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time)) / 1e6'

/** Calls of tools, by group, most called first. */
export async function toolsReport(client: ClickHouseClient, input: ReportInput): Promise<ReportRow[]> {
  const { select, group, where, params } = buildReport(input, SPAN_DIMENSIONS, 'start_time')
  const query = `SELECT ${select}count() AS calls, countIf(status = 'error') AS errors, countIf(interrupted = 1) AS cut,
      quantilesTDigestIf(0.5, 0.95)(${MS}, spans.version > 0) AS ms,
      argMaxIf(concat(error_type, ': ', error_message), start_time, status = 'error') AS lastError
    FROM spans FINAL WHERE ${where} AND kind = 'tool' ${group}
    HAVING calls > 0 ORDER BY calls DESC LIMIT {limit:UInt32}`
  const rows = await runJson<Record<string, unknown> & { ms: unknown[]; lastError: string }>(client, query, params)
  return rows.map((row) => ({
    ...readGroup(row, input.groupBy),
    calls: toNumber(row.calls),
    errors: toNumber(row.errors),
    errorRate: Math.round((toNumber(row.errors) / toNumber(row.calls)) * 10_000) / 10_000,
    interrupted: toNumber(row.cut),
    p50Ms: toMs(row.ms[0]),
    p95Ms: toMs(row.ms[1]),
    lastError: row.lastError,
  }))
}
