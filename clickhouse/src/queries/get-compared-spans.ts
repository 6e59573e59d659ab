import type { ClickHouseClient } from '../client.ts'
import type { ReadColumns } from '../native/read-native.ts'
import { runNative } from './run-native.ts'

/** What a comparison needs of a span: texts only as fingerprints of what is stored, so that none is read. Order: the start. */
const SCHEMA = {
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
  run: 'LowCardinality(String)',
  model: 'LowCardinality(String)',
  modelRequest: 'LowCardinality(String)',
  errorType: 'LowCardinality(String)',
  errorMessage: 'LowCardinality(String)',
  interrupted: 'UInt8',
  billable: 'UInt8',
  priced: 'UInt8',
  execution: 'UInt32',
  tokens: 'UInt64',
  /** US dollars / 10^12. */
  cost: 'Int64',
  /** 0: there is none. Messages and instructions are the input, with the tools that the model was given. */
  input: 'UInt64',
  output: 'UInt64',
  /** Of a model call: temperature and the like. */
  parameters: 'UInt64',
} as const

export type ComparedSpanColumns = ReadColumns<typeof SCHEMA>

interface Input {
  readonly projectId: string
  readonly traceId: string
  readonly limit: number
}

const ERROR_CHARS = 300

/** The spans of a trace for a comparison, in order of their start; at most `limit`. */
export async function getComparedSpans(
  client: ClickHouseClient,
  input: Input,
): Promise<{ readonly rows: number; readonly columns: ComparedSpanColumns }> {
  const ofTrace = 'project_id = {projectId:UUID} AND trace_id = {traceId:String}'
  const query = `SELECT reinterpretAsUInt64(reverse(unhex(s.span_id))) AS id, reinterpretAsUInt64(reverse(unhex(s.parent_span_id))) AS parent,
      toUnixTimestamp64Nano(s.start_time) AS start, toUnixTimestamp64Nano(s.end_time) - toUnixTimestamp64Nano(s.start_time) AS duration,
      s.name AS name, s.kind AS kind, s.status AS status, toLowCardinality(s.step_key) AS step, toLowCardinality(s.run_id) AS run,
      s.model AS model, s.model_request AS modelRequest, s.error_type AS errorType,
      toLowCardinality(substringUTF8(s.error_message, 1, ${ERROR_CHARS})) AS errorMessage, s.interrupted AS interrupted,
      s.billable AS billable, s.priced AS priced, s.execution AS execution, s.usage_total AS tokens, reinterpretAsInt64(s.cost_total) AS cost,
      if(empty(s.input_hashes) AND s.system_hash = '' AND s.tools_hash = '', 0, sipHash64(s.input_hashes, s.system_hash, s.tools_hash)) AS input,
      if(empty(s.output_hashes), 0, sipHash64(s.output_hashes)) AS output, p.print AS parameters
    FROM (SELECT *, model FROM spans FINAL WHERE ${ofTrace} ORDER BY start_time, span_id LIMIT {limit:UInt32}) AS s
    LEFT JOIN (
      SELECT span_id, sipHash64(parameters) AS print FROM span_attributes FINAL WHERE ${ofTrace} AND parameters NOT IN ('', '{}')
    ) AS p ON p.span_id = s.span_id
    ORDER BY s.start_time, s.span_id SETTINGS use_skip_indexes_if_final = 1`
  return runNative(client, query, { schema: SCHEMA, params: { ...input } })
}
