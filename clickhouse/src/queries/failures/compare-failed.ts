import type { ClickHouseClient } from '../../client.ts'
import { runJson } from '../run-json.ts'
import { type FailureScope, failureEvents } from './failure-events.ts'

/** Runs, or traces of no run, that are compared; by their traces. */
export interface ComparedSide {
  readonly traceIds: string[]
  readonly runIds: string[]
  /** Of so many in all. */
  readonly total: number
}

export interface ComparedSides {
  readonly failed: ComparedSide
  readonly good: ComparedSide
}

const IN_RANGE = (column: string) =>
  `${column} >= parseDateTime64BestEffort({from:String}, 9) AND ${column} < parseDateTime64BestEffort({to:String}, 9)`

interface SideRow {
  readonly traceId: string
  readonly runId: string
  readonly total: string
}

/** The newest failures of one group, and as many good runs of the same agents, chosen evenly; at most `limit` of each. */
export async function findComparedSides(client: ClickHouseClient, scope: FailureScope, limit: number): Promise<ComparedSides> {
  const { sql, params } = failureEvents(scope)
  const failed = await runJson<SideRow & { agent: string }>(
    client,
    `SELECT trace_id AS traceId, any(run_id) AS runId, any(agent) AS agent, count() OVER () AS total FROM (${sql})
     GROUP BY trace_id ORDER BY max(failed_at) DESC LIMIT {limit:UInt32}`,
    { ...params, limit },
  )
  const good = await runJson<SideRow>(
    client,
    failed.some(({ runId }) => runId !== '')
      ? `SELECT toString(trace_id) AS traceId, toString(any(run_id)) AS runId, count() OVER () AS total FROM runs FINAL
         WHERE project_id = {projectId:UUID} AND ${IN_RANGE('created_at')} AND status = 'succeeded' AND agent IN {agents:Array(String)}
         GROUP BY trace_id ORDER BY cityHash64(trace_id) LIMIT {limit:UInt32}`
      : `SELECT toString(trace_id) AS traceId, '' AS runId, count() OVER () AS total FROM spans
         WHERE project_id = {projectId:UUID} AND ${IN_RANGE('start_time')} AND parent_span_id = '' AND run_id = '' AND status != 'error'
           AND if(agent != '', agent, service) IN {agents:Array(String)}
         GROUP BY trace_id ORDER BY cityHash64(trace_id) LIMIT {limit:UInt32}`,
    { ...params, limit, agents: [...new Set(failed.map(({ agent }) => agent))] },
  )
  const failing = new Set(failed.map(({ traceId }) => traceId))
  return { failed: toSide(failed), good: toSide(good.filter(({ traceId }) => !failing.has(traceId))) }
}

const toSide = (rows: readonly SideRow[]): ComparedSide => ({
  traceIds: rows.map(({ traceId }) => traceId),
  runIds: rows.flatMap(({ runId }) => runId || []),
  total: Number(rows[0]?.total ?? 0),
})

export interface SeenAttribute {
  readonly attribute: string
  readonly value: string
  /** How many of the failed and of the good have it. */
  readonly failed: number
  readonly good: number
}

/** Attributes that more than one of the failed have, and how many of them there are: the more are looked at, the more chance finds. */
export interface SeenAttributes {
  readonly rows: SeenAttribute[]
  readonly looked: number
}

const MOST_ROWS = 1_000
const MOST_VALUE_CHARS = 120
/** Ours, or read into columns already, or content: not what distinguishes runs. */
const KNOWN_KEYS = '^(cairn|gen_ai|llm|input|output|openinference|ai|session|user|enduser|exception|error|otel|traceloop|langfuse|tag)\\\\.'
/** Ids are hexadecimal digits, from the store. Literals, so that the index on them is used. */
const quoted = (ids: readonly string[]): string => ids.map((id) => `'${id.replace(/[^0-9a-f]/g, '')}'`).join(',') || "''"
const ROOM_FOR_IDS = { max_query_size: '8000000', max_memory_usage: '2000000000' }

/** Which attributes of runs, spans and what was sent with them the two sides have. */
export async function countAttributes(
  client: ClickHouseClient,
  scope: FailureScope,
  { failed, good }: ComparedSides,
): Promise<SeenAttributes> {
  const traces = `trace_id IN (${quoted([...failed.traceIds, ...good.traceIds])})`
  const near = `start_time >= parseDateTime64BestEffort({from:String}, 9) - INTERVAL 1 DAY
    AND start_time < parseDateTime64BestEffort({to:String}, 9) + INTERVAL 1 DAY`
  const sent = (column: string, prefix: string) => `arrayMap(pair -> ('${prefix}' || pair.1, trim(BOTH '"' FROM pair.2)),
    arrayFilter(pair -> length(pair.2) <= ${MOST_VALUE_CHARS} AND NOT match(pair.1, '${KNOWN_KEYS}'), JSONExtractKeysAndValuesRaw(${column})))`
  const query = `SELECT pair.1 AS attribute, pair.2 AS value, uniqExactIf(trace, trace IN (${quoted(failed.traceIds)})) AS failed,
      uniqExactIf(trace, trace NOT IN (${quoted(failed.traceIds)})) AS good, count() OVER () AS looked
    FROM (
      SELECT toString(trace_id) AS trace, arrayJoin(arrayConcat(
        [('version', toString(agent_version)), ('user', user_id), ('session', session_id), ('hour', formatDateTime(created_at, '%H:00 UTC'))],
        arrayMap(tag -> ('tag', toString(tag)), tags))) AS pair
      FROM runs FINAL WHERE project_id = {projectId:UUID} AND ${traces} AND parent_run_id = ''
      UNION ALL
      SELECT toString(trace_id) AS trace, arrayJoin(arrayConcat(
        [('model', toString(model)), ('tool', toString(tool_name)), ('service', toString(service)),
          ('serviceVersion', toString(service_version)), ('environment', toString(environment)),
          ('step', replaceRegexpAll(replaceRegexpOne(step_key, '#[0-9]+$', ''), '[0-9]+', '<n>'))],
        if(run_id = '', [('user', user_id), ('session', session_id), ('version', toString(agent_version)),
          ('hour', if(parent_span_id = '', formatDateTime(start_time, '%H:00 UTC'), ''))], []))) AS pair
      FROM spans WHERE project_id = {projectId:UUID} AND ${near} AND ${traces}
      UNION ALL
      SELECT toString(trace_id) AS trace, arrayJoin(arrayConcat(${sent('attributes', 'attribute.')}, ${sent('metadata', 'metadata.')})) AS pair
      FROM span_attributes WHERE project_id = {projectId:UUID} AND ${traces}
        AND span_id IN (SELECT span_id FROM spans WHERE project_id = {projectId:UUID} AND ${near} AND ${traces} AND parent_span_id = '')
    )
    WHERE value != '' GROUP BY attribute, value HAVING failed > 1
    ORDER BY abs(failed / {nFailed:UInt32} - good / {nGood:UInt32}) DESC, attribute, value LIMIT ${MOST_ROWS}`
  const rows = await runJson<Record<'attribute' | 'value' | 'failed' | 'good' | 'looked', string>>(
    client,
    query,
    {
      projectId: scope.projectId,
      from: scope.from,
      to: scope.to,
      nFailed: Math.max(1, failed.traceIds.length),
      nGood: Math.max(1, good.traceIds.length),
    },
    ROOM_FOR_IDS,
  )
  return {
    looked: Number(rows[0]?.looked ?? 0),
    rows: rows.map((row) => ({ attribute: row.attribute, value: row.value, failed: Number(row.failed), good: Number(row.good) })),
  }
}
