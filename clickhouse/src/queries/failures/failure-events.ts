/** A group of failures and the one that it counts as a part of, at the top. */
export interface MergedGroup {
  readonly errorGroup: string
  readonly root: string
}

export interface FailureScope {
  readonly projectId: string
  /** RFC 3339; from inclusive, to exclusive. */
  readonly from: string
  readonly to: string
  readonly merged: readonly MergedGroup[]
  /** Only these, with their parts. */
  readonly groups?: readonly string[] | undefined
  readonly agent?: string | undefined
  readonly version?: string | undefined
  /** Which kinds are known to be among them: of the others nothing is read. Left out: both may be. */
  readonly kinds?: FailureKinds | undefined
}

export interface FailureKinds {
  readonly runs: boolean
  /** Of traces that belong to no run. */
  readonly traces: boolean
}

interface FailureEvents {
  /** A statement with the columns grp, own, run_id, execution, trace_id, span_id, failed_at, began_at, agent, own_agent, agent_version, step, … */
  readonly sql: string
  /** The half of it that is of runs, and the one that is of traces of no run. */
  readonly ofRuns: string
  readonly ofTraces: string
  /** Cheap statements that have a row for each of them, the second for others too: of agents, versions and groups that are not asked for. */
  readonly mayBeRuns: string
  readonly mayBeTraces: string
  readonly params: Record<string, unknown>
}

const between = (column: string) =>
  `${column} >= parseDateTime64BestEffort({from:String}, 9) AND ${column} < parseDateTime64BestEffort({to:String}, 9)`

/** A trace's spans in error that are looked at, beside its root: those that ended last lie above what ended before them. */
const MOST_SPANS = 500

/** In the order of a span's tuple below, which sorts by the first: what ended last comes first. */
const SPAN = {
  order: 1,
  id: 2,
  parent: 3,
  start: 4,
  name: 5,
  agent: 6,
  version: 7,
  type: 8,
  message: 9,
  group: 10,
  session: 11,
  user: 12,
  end: 13,
  ownAgent: 14,
} as const

const SPAN_TUPLE = `(-toUnixTimestamp64Nano(end_time), toString(error_spans.span_id), parent_span_id, start_time, toString(name),
  if(error_spans.agent != '', toString(error_spans.agent), toString(service)),
  if(error_spans.agent_version != '', toString(error_spans.agent_version), toString(service_version)),
  toString(error_spans.error_type), error_spans.error_message, error_spans.error_group, error_spans.session_id, error_spans.user_id, end_time,
  toString(error_spans.agent))`

// A level for each step: what has a name within one level is written out by the engine wherever it is used, tuple and all, and thinking
// about that took it four times as long as reading.
const IN_RANGE = `project_id = {projectId:UUID} AND start_time >= parseDateTime64BestEffort({from:String}, 9)
  AND start_time < parseDateTime64BestEffort({to:String}, 9) + INTERVAL 1 DAY`
const ROOTS = `
  SELECT trace_id, argMinIf(span, end_time, parent_span_id = '') AS root, groupArraySorted(${MOST_SPANS})(span) AS spans
  FROM (SELECT toString(error_spans.trace_id) AS trace_id, end_time, parent_span_id, ${SPAN_TUPLE} AS span
    FROM error_spans FINAL WHERE ${IN_RANGE})
  GROUP BY trace_id HAVING countIf(parent_span_id = '') > 0`
const CAUSES = `
  SELECT trace_id, root, if(cause_id = root.${SPAN.id}, root, spans[indexOf(ids, cause_id)]) AS cause FROM (
    SELECT trace_id, root, spans, ids,
      arrayFold((at, _) -> if(has(parents, at), ids[indexOf(parents, at)], at), range(least(length(ids), 100)), root.${SPAN.id}) AS cause_id
    FROM (SELECT trace_id, root, spans, spans.${SPAN.id} AS ids, spans.${SPAN.parent} AS parents FROM (${ROOTS})))`

/**
 * SQL of failures, one a row: executions of runs that failed or crashed, and traces of no run whose root is in error. Such a trace's
 * cause is the deepest span in error: from the root down, at each span its child in error that ended last. `agent` is the span's service
 * where it names no agent; `own_agent`, of which its fingerprint is, then is empty.
 */
export function failureEvents(scope: FailureScope): FailureEvents {
  const params: Record<string, unknown> = { projectId: scope.projectId, from: scope.from, to: scope.to }
  const conditions: string[] = []
  if (scope.groups !== undefined) {
    const wanted = new Set(scope.groups)
    params.groups = [...wanted, ...scope.merged.flatMap(({ errorGroup, root }) => (wanted.has(root) ? [errorGroup] : []))]
    conditions.push('error_group IN {groups:Array(String)}')
  }
  if (scope.agent) {
    params.agent = scope.agent
    conditions.push('agent = {agent:String}')
  }
  if (scope.version) {
    params.version = scope.version
    conditions.push('agent_version = {version:String}')
  }
  const and = conditions.map((condition) => ` AND ${condition}`).join('')
  let group = 'error_group'
  if (scope.merged.length > 0) {
    params.mergedFrom = scope.merged.map((merge) => merge.errorGroup)
    params.mergedTo = scope.merged.map((merge) => merge.root)
    group = 'transform(error_group, {mergedFrom:Array(String)}, {mergedTo:Array(String)}, error_group)'
  }
  const cause = (field: keyof typeof SPAN) => `cause.${SPAN[field]}`
  const failuresWhere = `project_id = {projectId:UUID} AND ${between('failed_at')}${and}`
  const ofRuns = `
    SELECT ${group} AS grp, error_group AS own, run_id, execution, toString(trace_id) AS trace_id, '' AS span_id, failed_at, began_at,
      toString(failures.agent) AS agent, toString(failures.agent) AS own_agent, toString(failures.agent_version) AS agent_version, toString(failures.step) AS step,
      toString(failures.error_type) AS error_type, error_message, session_id, user_id
    FROM failures FINAL WHERE ${failuresWhere}`
  const ofTraces = `
    SELECT ${group} AS grp, error_group AS own, '' AS run_id, toUInt32(0) AS execution, trace_id, span_id, failed_at, began_at, agent, own_agent, agent_version,
      step, error_type, error_message, session_id, user_id
    FROM (
      SELECT trace_id, ${cause('id')} AS span_id, CAST(root.${SPAN.end}, 'DateTime64(6, \\'UTC\\')') AS failed_at,
        CAST(root.${SPAN.start}, 'DateTime64(6, \\'UTC\\')') AS began_at, ${cause('agent')} AS agent, ${cause('ownAgent')} AS own_agent, ${cause('version')} AS agent_version,
        ${cause('name')} AS step, ${cause('type')} AS error_type, ${cause('message')} AS error_message, ${cause('group')} AS error_group,
        ${cause('session')} AS session_id, ${cause('user')} AS user_id
      FROM (${CAUSES})
      WHERE trace_id NOT IN (SELECT toString(trace_id) FROM failures WHERE project_id = {projectId:UUID}
        AND failed_at >= parseDateTime64BestEffort({from:String}, 9) - INTERVAL 1 DAY)
    )
    WHERE ${between('began_at')}${and}`
  const { runs = true, traces = true } = scope.kinds ?? {}
  const sql = runs === traces ? `${ofRuns} UNION ALL ${ofTraces}` : runs ? ofRuns : ofTraces
  const inGroups = scope.groups === undefined ? '' : ' AND error_group IN {groups:Array(String)}'
  return {
    sql,
    ofRuns,
    ofTraces,
    mayBeRuns: `SELECT toString(trace_id) AS trace_id FROM failures WHERE ${failuresWhere}`,
    mayBeTraces: `SELECT toString(trace_id) AS trace_id FROM error_spans WHERE ${IN_RANGE}${inGroups}`,
    params,
  }
}
