import type { ClickHouseClient } from '@cairn/clickhouse'

export const PROJECTS = 50
export const DAYS = 35
/** Spans of a trace: 1 to 200, 8 on average, most of them few. */
const MEAN_SPANS = 8
const TRACES_A_CHUNK = 50_000

/** UUID of the project with this number; 0 is the largest, with a fifth of all. */
export const projectId = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`

const MODELS = ['gpt-5-mini', 'claude-sonnet-5', 'gemini-3-flash', 'gpt-5', 'qwen3-235b', 'claude-haiku-5', 'o4-mini', 'a-model-of-ours']
const PROVIDERS = ['openai', 'anthropic', 'gcp.gemini', 'openai', 'openrouter', 'anthropic', 'openai', 'vllm']
const TOOLS = ['search', 'read_file', 'run_sql', 'fetch_page', 'send_mail', 'calculator', 'get_order', 'refund', 'lookup_user', 'summarise']
const list = (texts: readonly string[]) => `[${texts.map((text) => `'${text}'`).join(', ')}]`

/** What every statement below knows of trace number `t`: all of it follows from the number. */
const OF_TRACE = `
  cityHash64(t, 1) AS h,
  (h % 1000003) / 1000003. AS u, (cityHash64(t, 2) % 1000003 + 1) / 1000004. AS w, (cityHash64(t, 3) % 1000003) / 1000003. AS x,
  toUInt32(${PROJECTS} * pow(u, 2.5)) AS project,
  toUUID(concat('00000000-0000-4000-8000-', leftPad(toString(project), 12, '0'))) AS project_uuid,
  lower(hex(MD5(toString(t)))) AS trace,
  toUInt32(least(200, greatest(1, floor(3.2 / pow(w, 0.6))))) AS size,
  {end:DateTime64(9, 'UTC')} - toIntervalMillisecond(toUInt64(x * ${DAYS} * 86400000)) AS began,
  concat('agent-', toString(project), '-', toString(toUInt32(12 * pow((cityHash64(t, 4) % 10007) / 10007., 2)))) AS agent_name,
  concat('1.', toString(toUInt32(intDiv(toUInt32(x * ${DAYS}), 7)))) AS agent_release,
  cityHash64(t, 5) % 100 < 70 AS is_run,
  cityHash64(t, 6) % 100 < 4 AS is_failed,
  if(is_run, toString(toUUID(concat(substring(trace, 1, 8), '-', substring(trace, 9, 4), '-4', substring(trace, 14, 3), '-8', substring(trace, 18, 3), '-', substring(trace, 21, 12)))), '') AS run,
  concat('session-', toString(intDiv(t, 3))) AS session,
  concat('user-', toString(toUInt32(20000 * pow((cityHash64(t, 7) % 100003) / 100003., 2)))) AS user_name,
  concat('cause-', toString(toUInt32(40 * pow((cityHash64(t, 8) % 1009) / 1009., 3)))) AS cause,
  cityHash64(t, 9) % 10 = 0 AS has_text`

const OF_SPAN = `
  cityHash64(t, k, 11) AS r, (r % 1000003) / 1000003. AS v,
  multiIf(k = 0, 'agent', k % 2 = 1, 'model', 'tool') AS span_kind,
  1 + toUInt32(8 * pow((cityHash64(t, k, 12) % 1009) / 1009., 2.2)) AS model_at,
  if(span_kind = 'model', ${list(MODELS)}[model_at], '') AS model_name,
  if(span_kind = 'tool', ${list(TOOLS)}[1 + toUInt32(10 * v * v)], '') AS tool,
  is_failed AND k = size - 1 AS is_error,
  lower(hex(MD5(concat(toString(t), '/', toString(k))))) AS digest`

const hashOf = (what: string) => `toFixedString(lower(hex(MD5(concat(toString(t), '/', toString(k), '${what}')))), 32)`
const WORD = (seed: string) => `lower(substring(hex(cityHash64(toUInt32(8000 * pow((${seed} % 10007) / 10007., 2.5)))), 1, 7))`

/** Fills the tables in the engine itself, through the views that keep the sums. `onProgress` hears about how many spans there are. */
export async function generateSpans(
  client: ClickHouseClient,
  options: { spans: number; end: string; onProgress: (spans: number) => void },
): Promise<void> {
  const traces = Math.ceil(options.spans / MEAN_SPANS)
  const insert = (query: string, from: number, count: number) =>
    client.command({
      query,
      query_params: { from, count, end: options.end },
      clickhouse_settings: { max_insert_threads: '1' },
    })
  for (let from = 0; from < traces; from += TRACES_A_CHUNK) {
    const count = Math.min(TRACES_A_CHUNK, traces - from)
    await insert(SPANS_QUERY, from, count)
    await insert(RUNS_QUERY, from, count)
    await insert(ATTRIBUTES_QUERY, from, count)
    for (const what of ['input', 'output'] as const) await insert(contentsQuery(what), from, count)
    options.onProgress((from + count) * MEAN_SPANS)
  }
}

const TRACES = `SELECT number + {from:UInt64} AS t, ${OF_TRACE} FROM numbers({count:UInt64})`
const SPAN_ROWS = `SELECT *, ${OF_SPAN} FROM (SELECT *, arrayJoin(range(size)) AS k FROM (${TRACES}))`

const SPANS_QUERY = `INSERT INTO spans (project_id, trace_id, span_id, parent_span_id, name, kind, start_time, end_time, status, agent, agent_version,
    provider, model_request, model_response, operation, tool_name, finish_reasons, usage_input, usage_cache_read, usage_output, usage_total,
    cost_total, cost_parts, priced, price_id, billable, ttft_ms, session_id, user_id, environment, service, run_id, execution, step_key,
    error_type, error_message, error_group, input_preview, output_preview, scope_id, input_form, input_hashes, output_form, output_hashes, version)
  SELECT project_uuid, trace, substring(digest, 1, 16), if(k = 0, '', substring(lower(hex(MD5(concat(toString(t), '/0')))), 1, 16)),
    multiIf(k = 0, concat('invoke_agent ', agent_name), span_kind = 'model', concat('chat ', model_name), concat('execute_tool ', tool)), span_kind,
    began + toIntervalMillisecond(k * 800) AS start, start + toIntervalMicrosecond(if(k = 0, size * 800000, toUInt64(20000 * exp(4 * v)))),
    if(is_error OR (is_failed AND k = 0), 'error', 'ok'), agent_name, agent_release,
    if(span_kind = 'model', ${list(PROVIDERS)}[model_at], ''), model_name, model_name,
    multiIf(k = 0, 'invoke_agent', span_kind = 'model', 'chat', 'execute_tool'), tool, if(span_kind = 'model', ['stop'], []),
    if(span_kind = 'model', r % 4000, 0) AS tokens_in, if(span_kind = 'model' AND r % 3 = 0, r % 9000, 0) AS tokens_cached,
    if(span_kind = 'model', r % 700, 0) AS tokens_out, tokens_in + tokens_cached + tokens_out,
    if(span_kind = 'model' AND model_at < 8, toDecimal64(tokens_in, 12) / 4000000 + toDecimal64(tokens_out, 12) / 500000, toDecimal64(0, 12)) AS cost,
    if(cost > 0, map('input', toDecimal64(tokens_in, 12) / 4000000, 'output', toDecimal64(tokens_out, 12) / 500000), map()),
    model_at < 8, if(cost > 0, 'list:2026-11', ''), span_kind = 'model', if(span_kind = 'model', 100 + 900 * v, NULL),
    session, user_name, if(r % 5 = 0, 'staging', 'production'), 'support-bot', run, 1,
    if(is_run AND k > 0, concat(if(span_kind = 'model', 'think', tool), '#', toString(k)), ''),
    if(is_error, 'TimeoutError', ''), if(is_error, concat('The tool did not answer within 30 s: ', cause), ''), if(is_error, cause, ''),
    if(k = 0, '', concat('What about order ', toString(r % 100000), '?')), if(k = 0, '', concat('It is on its way, number ', toString(r % 90001))),
    session, if(has_text AND k > 0, 'value', ''), if(has_text AND k > 0, [${hashOf('input')}], []),
    if(has_text AND k > 0, 'value', ''), if(has_text AND k > 0, [${hashOf('output')}], []), 1
  FROM (${SPAN_ROWS})`

const RUNS_QUERY = `INSERT INTO runs (project_id, run_id, trace_id, agent, agent_version, status, executions, created_at, started_at, ended_at, session_id,
    user_id, failed_step, error_type, error_message, error_group, saved_usd, version)
  SELECT project_uuid, toUUID(run), trace, agent_name, agent_release, multiIf(is_failed, if(h % 5 = 0, 'crashed', 'failed'), 'succeeded'), 1,
    began, began, began + toIntervalMillisecond(size * 800), session, user_name, if(is_failed, 'think', ''), if(is_failed, 'TimeoutError', ''),
    if(is_failed, concat('The tool did not answer within 30 s: ', cause), ''), if(is_failed, cause, ''), 0, t + 1
  FROM (${TRACES}) WHERE is_run`

const ATTRIBUTES_QUERY = `INSERT INTO span_attributes (project_id, trace_id, span_id, attributes, resource, scope_name, events, links, version)
  SELECT project_uuid, trace, substring(digest, 1, 16),
    concat('{"gen_ai.operation.name":"chat","gen_ai.request.temperature":0.7,"gen_ai.response.id":"resp_', digest, '","session.id":"', session, '"}'),
    '{"service.name":"support-bot","host.name":"pod-7"}', 'bench', '[]', '[]', 1
  FROM (${SPAN_ROWS}) WHERE has_text`

/** 60 words of a vocabulary of 8,000, few of them often; one text in 20,000 has a word that is nowhere else. */
const contentsQuery = (what: 'input' | 'output') => `INSERT INTO contents (project_id, scope_id, hash, text)
  SELECT project_uuid, session, ${hashOf(what)},
    concat('"', arrayStringConcat(arrayMap(i -> ${WORD('cityHash64(r, i)')}, range(60)), ' '), if(cityHash64(digest) % 20000 = 0, ' zebrafish', ''), '"')
  FROM (${SPAN_ROWS}) WHERE has_text AND k > 0`
