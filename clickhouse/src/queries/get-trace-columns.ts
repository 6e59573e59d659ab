import type { ClickHouseClient } from '../client.ts'
import type { ReadColumns } from '../native/read-native.ts'
import { runJson } from './run-json.ts'
import { runNative } from './run-native.ts'
import { type CostSums, readCost, readUsage, sumUsage, type UsageSums } from './usage-columns.ts'

/** What a waterfall draws of a span, and its type in the engine. Order: the start. */
const SCHEMA = {
  /** Span ids are 64-bit numbers here, first digit first. */
  id: 'UInt64',
  /** 0: a root. */
  parent: 'UInt64',
  /** Unix nanoseconds. */
  start: 'Int64',
  /** Nanoseconds. */
  duration: 'Int64',
  name: 'LowCardinality(String)',
  kind: 'LowCardinality(String)',
  status: 'LowCardinality(String)',
  step: 'LowCardinality(String)',
  agent: 'LowCardinality(String)',
  model: 'LowCardinality(String)',
  tool: 'LowCardinality(String)',
  errorType: 'LowCardinality(String)',
  run: 'LowCardinality(String)',
  interrupted: 'UInt8',
  billable: 'UInt8',
  priced: 'UInt8',
  execution: 'UInt32',
  tokens: 'UInt64',
  /** US dollars / 10^12. */
  cost: 'Int64',
  /** Milliseconds; NaN: unknown. */
  ttft: 'Float32',
} as const

const COLUMNS = `reinterpretAsUInt64(reverse(unhex(span_id))) AS id, reinterpretAsUInt64(reverse(unhex(parent_span_id))) AS parent,
  toUnixTimestamp64Nano(start_time) AS start, toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time) AS duration,
  name, kind, status, toLowCardinality(step_key) AS step, agent, model, tool_name AS tool, error_type AS errorType,
  toLowCardinality(run_id) AS run, interrupted, billable, priced, execution, usage_total AS tokens,
  reinterpretAsInt64(cost_total) AS cost, toFloat32(ifNull(ttft_ms, nan)) AS ttft`

export type TraceColumns = ReadColumns<typeof SCHEMA>

interface TraceInput {
  readonly projectId: string
  readonly traceId: string
}

const OF_TRACE = 'FROM spans FINAL WHERE project_id = {projectId:UUID} AND trace_id = {traceId:String}'

/** The spans of a trace as flat columns, in order of their start; at most `limit`. */
export async function getTraceColumns(
  client: ClickHouseClient,
  input: TraceInput & { limit: number },
): Promise<{ rows: number; columns: TraceColumns }> {
  const query = `SELECT ${COLUMNS} ${OF_TRACE} ORDER BY start_time, span_id LIMIT {limit:UInt32} SETTINGS use_skip_indexes_if_final = 1`
  return runNative(client, query, { schema: SCHEMA, params: { ...input } })
}

export interface TraceSums {
  readonly spans: number
  readonly usage: UsageSums
  readonly cost: CostSums
  /** Changes when a span comes, is replaced or is priced again. */
  readonly fingerprint: string
}

/** Sums over the billable spans of a trace, exactly, and what tells whether any of it has changed. */
export async function getTraceSums(client: ClickHouseClient, input: TraceInput): Promise<TraceSums> {
  const query = `SELECT count() AS spans, sum(cityHash64(span_id, version, end_time, cost_total)) AS fingerprint, ${sumUsage('billable = 1')},
      toString(sumIf(cost_total, billable = 1)) AS cost, sumMapIf(cost_parts, billable = 1) AS parts,
      countIf(billable = 1 AND priced = 0) AS unpriced
    ${OF_TRACE} SETTINGS use_skip_indexes_if_final = 1`
  const [row] = await runJson<Record<string, string> & { parts: Record<string, string>; cost: string; unpriced: string }>(client, query, {
    ...input,
  })
  if (row === undefined) throw new Error('an aggregate gave no row')
  return { spans: Number(row.spans), fingerprint: row.fingerprint ?? '', usage: readUsage(row), cost: readCost(row) }
}
