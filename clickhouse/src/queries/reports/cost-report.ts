import type { ClickHouseClient } from '../../client.ts'
import { runJson } from '../run-json.ts'
import { trimDecimal } from '../usage-columns.ts'
import { buildReport, type ReportInput, type ReportRow, readGroup, SPAN_DIMENSIONS, toNumber } from './report-query.ts'

export const COST_COLUMNS = [
  'calls',
  'unpricedCalls',
  'cost',
  'priced',
  'inputTokens',
  'cacheReadTokens',
  'cacheWriteTokens',
  'outputTokens',
  'reasoningTokens',
  'totalTokens',
] as const

/** What was paid for, by group, dearest first: billable spans. `cost` is of the calls that have a price; null if none has. */
export async function costReport(client: ClickHouseClient, input: ReportInput): Promise<ReportRow[]> {
  const { select, group, where, params } = buildReport(input, SPAN_DIMENSIONS, 'start_time')
  const query = `SELECT ${select === '' ? '' : `${select},`} count() AS calls, countIf(priced = 0) AS unpriced,
      toString(sum(CAST(cost_total, 'Decimal(38, 12)'))) AS cost, sum(usage_input) AS input, sum(usage_cache_read) AS cacheRead,
      sum(usage_cache_write + usage_cache_write_1h) AS cacheWrite, sum(usage_output) AS output, sum(usage_reasoning) AS reasoning,
      sum(usage_total) AS total
    FROM spans FINAL WHERE ${where} AND billable = 1 ${group === '' ? '' : `GROUP BY ${group}`}
    ORDER BY sum(cost_total) DESC, calls DESC LIMIT {limit:UInt32}`
  const rows = await runJson<Record<string, string>>(client, query, params)
  return rows.map((row) => {
    const unpriced = toNumber(row.unpriced)
    return {
      ...readGroup(row, input.groupBy),
      calls: toNumber(row.calls),
      unpricedCalls: unpriced,
      cost: unpriced > 0 && unpriced === toNumber(row.calls) ? null : trimDecimal(row.cost ?? '0'),
      priced: unpriced === 0,
      inputTokens: toNumber(row.input),
      cacheReadTokens: toNumber(row.cacheRead),
      cacheWriteTokens: toNumber(row.cacheWrite),
      outputTokens: toNumber(row.output),
      reasoningTokens: toNumber(row.reasoning),
      totalTokens: toNumber(row.total),
    }
  })
}
