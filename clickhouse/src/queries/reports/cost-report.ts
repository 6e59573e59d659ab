import type { ClickHouseClient } from '../../client.ts'
import { runJson } from '../run-json.ts'
import { trimDecimal } from '../usage-columns.ts'
import {
  buildReport,
  groupColumns,
  type ReportInput,
  type ReportParts,
  type ReportRow,
  readGroup,
  SPAN_DIMENSIONS,
  splitByHour,
  toNumber,
} from './report-query.ts'

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

const NUMBERS = ['calls', 'unpriced', 'cost', 'input', 'cacheRead', 'cacheWrite', 'output', 'reasoning', 'total'] as const

const ofSpans = ({ select, group, where }: ReportParts) => `SELECT ${select}count() AS calls, countIf(priced = 0) AS unpriced,
    sum(CAST(cost_total, 'Decimal(38, 12)')) AS cost, sum(usage_input) AS input, sum(usage_cache_read) AS cacheRead,
    sum(usage_cache_write + usage_cache_write_1h) AS cacheWrite, sum(usage_output) AS output, sum(usage_reasoning) AS reasoning,
    sum(usage_total) AS total
  FROM spans FINAL WHERE ${where} AND billable = 1 AND spans.version > 0 ${group}`

const ofHours = ({ select, group, where }: ReportParts) => `SELECT ${select}sum(billable_spans) AS calls,
    sum(hourly_stats.unpriced) AS unpriced, sum(cost_total) AS cost, sum(usage_input) AS input, sum(usage_cache_read) AS cacheRead,
    sum(usage_cache_write) AS cacheWrite, sum(usage_output) AS output, sum(usage_reasoning) AS reasoning, sum(usage_total) AS total
  FROM hourly_stats WHERE ${where} ${group}`

/**
 * What was paid for, by group, dearest first: billable spans that came to their end. `cost` is of the calls that have a price; null if
 * none has.
 */
export async function costReport(client: ClickHouseClient, input: ReportInput): Promise<ReportRow[]> {
  const whole = buildReport(input, SPAN_DIMENSIONS, 'start_time')
  const split = splitByHour(input)
  const source = split === null ? ofSpans(whole) : `${ofHours(split.hours)} UNION ALL ${ofSpans(split.ends)}`
  const query = `SELECT ${groupColumns(input)}${NUMBERS.map((name) => `${name === 'cost' ? 'toString(sum(s.cost))' : `sum(s.${name})`} AS ${name}`).join(', ')}
    FROM (${source}) AS s ${whole.group} HAVING sum(s.calls) > 0 ORDER BY sum(s.cost) DESC, calls DESC LIMIT {limit:UInt32}`
  const rows = await runJson<Record<string, string>>(client, query, split?.params ?? whole.params)
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
