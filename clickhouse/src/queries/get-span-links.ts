import type { ClickHouseClient } from '../client.ts'
import { runJson } from './run-json.ts'

/** Which contents a span has: hashes of its messages in order, under its scope. Empty: none. */
export interface SpanLinks {
  readonly spanId: string
  readonly scopeId: string
  readonly inputForm: '' | 'messages' | 'value'
  readonly inputHashes: string[]
  readonly outputForm: '' | 'messages' | 'value'
  readonly outputHashes: string[]
  readonly systemHash: string
  readonly toolsHash: string
}

interface Input {
  readonly projectId: string
  readonly traceId: string
  /** Only these; all of the trace where it is left out. */
  readonly spanIds?: string[]
}

/** Links of some or all spans of a trace to their contents. */
export function getSpanLinks(client: ClickHouseClient, input: Input): Promise<SpanLinks[]> {
  const { projectId, traceId, spanIds = [] } = input
  const only = input.spanIds === undefined ? '' : 'AND span_id IN {spanIds:Array(String)}'
  return runJson<SpanLinks>(
    client,
    `SELECT span_id AS spanId, scope_id AS scopeId, input_form AS inputForm, input_hashes AS inputHashes, output_form AS outputForm,
       output_hashes AS outputHashes, system_hash AS systemHash, tools_hash AS toolsHash
     FROM spans FINAL WHERE project_id = {projectId:UUID} AND trace_id = {traceId:String} ${only}
     SETTINGS use_skip_indexes_if_final = 1`,
    { projectId, traceId, spanIds },
  )
}
