import type { ClickHouseClient } from '../../client.ts'
import { runJson } from '../run-json.ts'
import {
  buildReport,
  groupColumns,
  type ReportInput,
  type ReportParts,
  type ReportRow,
  readGroup,
  SPAN_DIMENSIONS,
  splitByHour,
  toMs,
  toNumber,
} from './report-query.ts'

export const LATENCY_COLUMNS = ['spans', 'errors', 'p50Ms', 'p90Ms', 'p95Ms', 'p99Ms', 'maxMs', 'ttftP50Ms', 'ttftP95Ms'] as const

const MS = '(toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time)) / 1e6'

interface Chosen {
  /** Over a row of `spans`. */
  readonly spans: string
  /** Over a row of `hourly_stats`; null where it doesn't know. */
  readonly hours: string | null
  /** Grains of `hourly_stats` that know. */
  readonly grains?: readonly string[]
}

const both = (condition: string): Chosen => ({ spans: condition, hours: condition })

/** Which spans a group is about: a model's are its calls, an agent's its runs; never both in one percentile. */
function chooseSpans({ groupBy, filter }: ReportInput): Chosen {
  const asked = new Set([...groupBy, ...Object.keys(filter)])
  if (asked.has('kind')) return both('1')
  if (asked.has('tool')) return both("kind = 'tool'")
  if (asked.has('model') || asked.has('provider')) return both("kind IN ('model', 'embedding', 'reranker')")
  if (asked.has('step')) return { spans: "step_key != '' AND kind NOT IN ('other')", hours: null }
  return { spans: "(kind = 'agent' OR parent_span_id = '')", hours: "(kind = 'agent' OR top = 1)", grains: ['agent'] }
}

const ofSpans = (
  { select, group, where }: ReportParts,
  chosen: string,
) => `SELECT ${select}count() AS n, countIf(status = 'error') AS errors,
    quantilesTDigestState(0.5, 0.9, 0.95, 0.99)(${MS}) AS durations, max(${MS}) AS longest,
    quantilesTDigestState(0.5, 0.9, 0.95, 0.99)(ttft_ms) AS firsts
  FROM spans FINAL WHERE ${where} AND spans.version > 0 AND ${chosen} ${group}`

const ofHours = (
  { select, group, where }: ReportParts,
  chosen: string,
) => `SELECT ${select}sum(spans) AS n, sum(hourly_stats.errors) AS errors,
    quantilesTDigestMergeState(0.5, 0.9, 0.95, 0.99)(duration_ms) AS durations, max(max_ms) AS longest,
    quantilesTDigestMergeState(0.5, 0.9, 0.95, 0.99)(hourly_stats.ttft_ms) AS firsts
  FROM hourly_stats WHERE ${where} AND ${chosen} ${group}`

/** Durations and times to first token, by group, slowest first. Spans cut off by a crash have no duration. */
export async function latencyReport(client: ClickHouseClient, input: ReportInput): Promise<ReportRow[]> {
  const whole = buildReport(input, SPAN_DIMENSIONS, 'start_time')
  const chosen = chooseSpans(input)
  const split = chosen.hours === null ? null : splitByHour(input, chosen.grains)
  const source =
    split === null || chosen.hours === null
      ? ofSpans(whole, chosen.spans)
      : `${ofHours(split.hours, chosen.hours)} UNION ALL ${ofSpans(split.ends, chosen.spans)}`
  const query = `SELECT ${groupColumns(input)}sum(s.n) AS n, sum(s.errors) AS errors,
      quantilesTDigestMerge(0.5, 0.9, 0.95, 0.99)(durations) AS ms, max(s.longest) AS longest,
      quantilesTDigestMerge(0.5, 0.9, 0.95, 0.99)(firsts) AS ttft
    FROM (${source}) AS s ${whole.group} HAVING sum(s.n) > 0 ORDER BY ms[3] DESC LIMIT {limit:UInt32}`
  const rows = await runJson<Record<string, unknown> & { ms: unknown[]; ttft: unknown[] }>(client, query, split?.params ?? whole.params)
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
    ttftP95Ms: toMs(row.ttft[2]),
  }))
}
