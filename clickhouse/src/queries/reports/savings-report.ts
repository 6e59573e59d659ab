import type { ClickHouseClient } from '../../client.ts'
import { runJson } from '../run-json.ts'
import { trimDecimal } from '../usage-columns.ts'
import {
  buildReport,
  type ReportInput,
  type ReportRow,
  RUN_DIMENSIONS,
  readGroup,
  SPAN_DIMENSIONS,
  type SpanDimension,
  toNumber,
} from './report-query.ts'

export const SAVINGS_COLUMNS = ['runs', 'lostUsd', 'savedByResumeUsd', 'savedByProviderCacheUsd'] as const

/** Both tables know these: a figure of runs and one of spans can stand in one row. */
const COMMON: readonly SpanDimension[] = ['agent', 'version', 'user', 'session', 'day', 'hour']

const pick = (from: Readonly<Partial<Record<SpanDimension, string>>>) => Object.fromEntries(COMMON.map((name) => [name, from[name] ?? '']))

/**
 * Money lost to runs that ended without success, saved by replaying finished steps, and saved by the provider's cache
 * against its own price of uncached input (known where the same call also had uncached input). Most lost first.
 */
export async function savingsReport(client: ClickHouseClient, input: ReportInput): Promise<ReportRow[]> {
  const [runs, cached] = await Promise.all([readRuns(client, input), readCacheSavings(client, input)])
  const rows = new Map<string, ReportRow>()
  const rowOf = (group: Record<string, string>): ReportRow => {
    const key = JSON.stringify(group)
    const row = rows.get(key) ?? { ...group, runs: 0, lostUsd: '0', savedByResumeUsd: '0', savedByProviderCacheUsd: '0' }
    rows.set(key, row)
    return row
  }
  for (const row of runs)
    Object.assign(rowOf(readGroup(row, input.groupBy)), {
      runs: toNumber(row.n),
      lostUsd: trimDecimal(row.lost ?? '0'),
      savedByResumeUsd: trimDecimal(row.saved ?? '0'),
    })
  for (const row of cached) rowOf(readGroup(row, input.groupBy)).savedByProviderCacheUsd = trimDecimal(row.saved ?? '0')
  return [...rows.values()]
}

function readRuns(client: ClickHouseClient, input: ReportInput): Promise<Record<string, string>[]> {
  const { select, group, where, params } = buildReport(input, pick(RUN_DIMENSIONS), 'runs.created_at')
  const query = `SELECT ${select === '' ? '' : `${select},`} count() AS n, toString(sumIf(spent.cost, runs.status IN ('failed', 'crashed', 'cancelled'))) AS lost,
      toString(sum(CAST(runs.saved_usd, 'Decimal(38, 12)'))) AS saved
    FROM (SELECT * FROM runs FINAL WHERE project_id = {projectId:UUID}) AS runs
    LEFT JOIN (
      SELECT run_id, sum(cost_total) AS cost FROM run_usage WHERE project_id = {projectId:UUID} GROUP BY run_id
    ) AS spent ON toString(runs.run_id) = spent.run_id
    WHERE ${where} ${group === '' ? '' : `GROUP BY ${group}`}
    ORDER BY sumIf(spent.cost, runs.status IN ('failed', 'crashed', 'cancelled')) DESC LIMIT {limit:UInt32}`
  return runJson(client, query, params)
}

function readCacheSavings(client: ClickHouseClient, input: ReportInput): Promise<Record<string, string>[]> {
  const { select, group, where, params } = buildReport(input, pick(SPAN_DIMENSIONS), 'start_time')
  const query = `SELECT ${select === '' ? '' : `${select},`} toString(sum(
      divideDecimal(CAST(cost_parts['input'], 'Decimal(38, 12)') * usage_cache_read, CAST(usage_input, 'Decimal(38, 0)'), 12)
      - cost_parts['cacheRead'])) AS saved
    FROM spans FINAL WHERE ${where} AND billable = 1 AND usage_cache_read > 0 AND usage_input > 0 AND priced = 1
    ${group === '' ? '' : `GROUP BY ${group}`} LIMIT {limit:UInt32}`
  return runJson(client, query, params)
}
