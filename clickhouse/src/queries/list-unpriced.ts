import type { ClickHouseClient } from '../client.ts'
import { runJson } from './run-json.ts'

export interface UnpricedRow {
  readonly provider: string
  readonly model: string
  readonly calls: number
  readonly tokens: number
  /** RFC 3339: the hour of the last. */
  readonly lastSeen: string
}

const MOST = 1_000

/** Models whose calls have no price, most called first. Hours count whole. */
export async function listUnpriced(
  client: ClickHouseClient,
  input: { projectId: string; from: string; to: string },
): Promise<UnpricedRow[]> {
  const rows = await runJson<{ provider: string; model: string; calls: string; tokens: string; last: string }>(
    client,
    // Corrections that are not merged yet are numbers below zero, as complements.
    `SELECT provider, model, sum(hourly_stats.unpriced) AS calls, sum(usage_total) AS tokens,
       formatDateTime(maxIf(hour, toInt64(hourly_stats.unpriced) > 0), '%Y-%m-%dT%H:%i:%SZ', 'UTC') AS last
     FROM hourly_stats WHERE project_id = {projectId:UUID} AND grain = 'model'
       AND hour >= toStartOfHour(parseDateTimeBestEffort({from:String})) AND hour < parseDateTimeBestEffort({to:String})
     GROUP BY provider, model HAVING calls > 0 ORDER BY calls DESC, provider, model LIMIT ${MOST}`,
    input,
  )
  return rows.map(({ provider, model, calls, tokens, last }) => ({
    provider,
    model,
    calls: Number(calls),
    tokens: Number(tokens),
    lastSeen: last,
  }))
}
