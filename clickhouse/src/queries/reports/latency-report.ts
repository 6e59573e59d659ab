import type { ClickHouseClient } from '../../client.ts'
import { runJson } from '../run-json.ts'
import { buildReport, type ReportInput, type ReportRow, readGroup, SPAN_DIMENSIONS, toMs, toNumber } from './report-query.ts'

export const LATENCY_COLUMNS = ['spans', 'errors', 'p50Ms', 'p90Ms', 'p95Ms', 'p99Ms', 'maxMs', 'ttftP50Ms', 'ttftP95Ms'] as const

const MS = '(toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time)) / 1e6'

/** Which spans a group is about: a model's are its calls, an agent's its runs; never both in one percentile. */
function chooseSpans({ groupBy, filter }: ReportInput): string {
  const asked = new Set([...groupBy, ...Object.keys(filter)])
  if (asked.has('kind')) return '1'
  if (asked.has('tool')) return "kind = 'tool'"
  if (asked.has('model') || asked.has('provider')) return "kind IN ('model', 'embedding', 'reranker')"
  if (asked.has('step')) return "step_key != '' AND kind NOT IN ('other')"
  return "(kind = 'agent' OR parent_span_id = '')"
}

/** Durations and times to first token, by group, slowest first. Spans cut off by a crash have no duration. */
export async function latencyReport(client: ClickHouseClient, input: ReportInput): Promise<ReportRow[]> {
  const { select, group, where, params } = buildReport(input, SPAN_DIMENSIONS, 'start_time')
  const query = `SELECT ${select === '' ? '' : `${select},`} count() AS n, countIf(status = 'error') AS errors,
      quantilesTDigest(0.5, 0.9, 0.95, 0.99)(${MS}) AS ms, max(${MS}) AS longest,
      quantilesTDigestIf(0.5, 0.95)(ifNull(ttft_ms, 0), ttft_ms IS NOT NULL) AS ttft
    FROM spans FINAL WHERE ${where} AND interrupted = 0 AND ${chooseSpans(input)} ${group === '' ? '' : `GROUP BY ${group}`}
    HAVING n > 0 ORDER BY ms[3] DESC LIMIT {limit:UInt32}`
  const rows = await runJson<Record<string, unknown> & { ms: unknown[]; ttft: unknown[] }>(client, query, params)
  return rows.map((row) => ({
    ...readGroup(row, input.groupBy),
    spans: toNumber(row.n),
    errors: toNumber(row.errors),
    p50Ms: toMs(row.ms[0]),
    p90Ms: toMs(row.ms[1]),
    p95Ms: toMs(row.ms[2]),
    p99Ms: toMs(row.ms[3]),
    maxMs: toMs(row.longest),
    ttftP50Ms: toMs(row.ttft[0]),
    ttftP95Ms: toMs(row.ttft[1]),
  }))
}
