import type { ClickHouseClient } from '../../client.ts'
import { runJson } from '../run-json.ts'
import type { ReportParts } from './report-query.ts'

/** Saved by the provider's cache against its own price of uncached input. */
export function readCacheSavings(client: ClickHouseClient, parts: ReportParts): Promise<Record<string, string>[]> {
  const { select, group, where, params } = parts
  const query = `SELECT ${select}toString(sum(
      CAST(cost_parts['input'], 'Decimal(38, 12)') * usage_cache_read / usage_input
      - cost_parts['cacheRead'])) AS saved
    FROM spans FINAL WHERE ${where} AND billable = 1 AND usage_cache_read > 0 AND usage_input > 0 AND priced = 1
    ${group} LIMIT {limit:UInt32}`
  return runJson(client, query, params)
}

/** Saved by the step cache and by summaries, as spans say it. Dollars are of what has a price. */
export function readSpanSavings(client: ClickHouseClient, parts: ReportParts): Promise<Record<string, string>[]> {
  const { select, group, where, params } = parts
  const of = (by: string, name: string) =>
    `sumIf(saved_tokens, saved_by = '${by}') AS ${name}Tokens,
     toString(sumIf(CAST(saved_usd, 'Decimal(38, 12)'), saved_by = '${by}')) AS ${name}Usd`
  const query = `SELECT ${select}${of('step_cache', 'cache')}, ${of('compaction', 'compaction')}
    FROM spans FINAL WHERE ${where} AND saved_by != '' ${group} LIMIT {limit:UInt32}`
  return runJson(client, query, params)
}
