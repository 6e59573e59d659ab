import {
  type ClickHouseClient,
  costReport,
  failuresReport,
  findInTrace,
  getOverview,
  getRunSeries,
  getRunUsage,
  getSessionTurns,
  getSpanBodies,
  getSpanLogs,
  getStepUsage,
  getTraceColumns,
  getTraceSpans,
  latencyReport,
  listActivity,
  listFailureGroups,
  listTraces,
  type ReportInput,
  savingsReport,
  toolsReport,
} from '@cairn/clickhouse'
import { projectId } from './generate-spans.ts'

const DAY_MS = 86_400_000

/** What is asked about: of the largest project, and of the smallest with enough in it. */
export interface Subjects {
  readonly projectId: string
  readonly to: string
  readonly traceIds: string[]
  readonly largestTraceId: string
  readonly runIds: string[]
  readonly sessionIds: string[]
}

export async function findSubjects(client: ClickHouseClient, end: string): Promise<Subjects> {
  const ask = async (query: string) =>
    (
      await (
        await client.query({ query, query_params: { p: projectId(0) }, format: 'JSONEachRow' })
      ).json<{
        trace_id: string
        run_id: string
        session_id: string
      }>()
    ).map((row) => row)
  const some = await ask(
    `SELECT trace_id, any(spans.run_id) AS run_id, any(spans.session_id) AS session_id FROM spans
     WHERE project_id = {p:UUID} AND spans.run_id != '' AND input_form != '' GROUP BY trace_id HAVING count() BETWEEN 5 AND 40 ORDER BY cityHash64(trace_id) LIMIT 300`,
  )
  const [largest] = await ask(
    `SELECT trace_id, '' AS run_id, '' AS session_id FROM spans WHERE project_id = {p:UUID} AND input_form != '' GROUP BY trace_id ORDER BY count() DESC LIMIT 1`,
  )
  return {
    projectId: projectId(0),
    to: new Date(`${end.slice(0, 19).replace(' ', 'T')}Z`).toISOString(),
    traceIds: some.map((row) => row.trace_id),
    largestTraceId: largest?.trace_id ?? '',
    runIds: some.map((row) => row.run_id),
    sessionIds: some.map((row) => row.session_id),
  }
}

/** Asks once and answers how many rows came. */
type PageQuery = (client: ClickHouseClient, subjects: Subjects, turn: number) => Promise<number>

const pick = (values: readonly string[], turn: number): string => values[turn % values.length] ?? ''
const before = (to: string, days: number): string => new Date(Date.parse(to) - days * DAY_MS).toISOString()

const report =
  (ask: (client: ClickHouseClient, input: ReportInput) => Promise<object[]>, groupBy: ReportInput['groupBy'], days: number): PageQuery =>
  async (client, { projectId, to }) =>
    (await ask(client, { projectId, groupBy, from: before(to, days), to, filter: {} })).length

const traces =
  (filter: (subjects: Subjects, turn: number) => object): PageQuery =>
  async (client, subjects, turn) =>
    (await listTraces(client, { projectId: subjects.projectId, to: subjects.to, limit: 51, before: null, ...filter(subjects, turn) }))
      .length

const activity =
  (by: 'session' | 'user', days: number): PageQuery =>
  async (client, { projectId, to }) => {
    const page = { sort: 'lastSeen', descending: true, limit: 50, offset: 0 } as const
    return (await listActivity(client, { projectId, by, from: before(to, days), to, ...page })).rows.length
  }

const failures =
  (days: number): PageQuery =>
  async (client, { projectId, to }) =>
    (await listFailureGroups(client, { projectId, from: before(to, days), to, merged: [], intervalSeconds: 6 * 3_600 })).rows.length

/** Every question that the pages ask of ClickHouse, by the code that asks it there. */
export const PAGE_QUERIES: Readonly<Record<string, PageQuery>> = {
  'SELECT 1': async (client) => (await (await client.query({ query: 'SELECT 1', format: 'JSONEachRow' })).json()).length,
  'trace by id': async (client, { projectId, traceIds }, turn) =>
    (await getTraceSpans(client, { projectId, traceId: pick(traceIds, turn) })).length,
  'trace by id, the largest': async (client, { projectId, largestTraceId: traceId }) =>
    (await getTraceSpans(client, { projectId, traceId })).length,
  "a span's input, output and attributes": async (client, { projectId, traceIds }, turn) => {
    const where = { projectId, traceId: pick(traceIds, turn) }
    const spanIds = (await getTraceSpans(client, where)).slice(1, 2).map((span) => span.spanId)
    const [, bodies] = await Promise.all([getSpanLogs(client, where), getSpanBodies(client, { ...where, spanIds })])
    return bodies.size
  },
  'all inputs and outputs of a trace': async (client, { projectId, traceIds }, turn) =>
    (await getSpanBodies(client, { projectId, traceId: pick(traceIds, turn) })).size,
  'traces, newest 50': traces(() => ({})),
  'traces, 50 latest failed': traces(() => ({ status: 'error' })),
  'traces, page after 10 days': traces(({ to }) => ({ before: { startTime: before(to, 10), traceId: '0'.repeat(32) } })),
  'traces of an agent': traces(() => ({ agent: 'agent-0-9' })),
  'traces of an agent that has none': traces(() => ({ agent: 'agent-0-99' })),
  'traces of a session': traces(({ sessionIds }, turn) => ({ sessionId: pick(sessionIds, turn) })),
  'traces of a user': traces((_, turn) => ({ userId: `user-${turn * 37}` })),
  'traces with a rare word': traces(() => ({ q: 'zebrafish' })),
  'traces with a frequent word': traces(() => ({ q: 'order' })),
  'spans of a trace as columns': async (client, { projectId, traceIds }, turn) =>
    (await getTraceColumns(client, { projectId, traceId: pick(traceIds, turn), limit: 1_000_000 })).rows,
  'find a word in a trace': async (client, { projectId, largestTraceId: traceId }) =>
    (await findInTrace(client, { projectId, traceId, q: 'order', limit: 10_000 })).length,
  'sessions, 7 days': activity('session', 7),
  'sessions, 30 days': activity('session', 30),
  'users, 7 days': activity('user', 7),
  'users, 30 days': activity('user', 30),
  'a session': async (client, { projectId, sessionIds }, turn) =>
    (await getSessionTurns(client, { projectId, sessionId: pick(sessionIds, turn) })).turns.length,
  'failure groups, 7 days': failures(7),
  'failure groups, 30 days': failures(30),
  'usage of 50 runs': async (client, { projectId, runIds }, turn) =>
    (await getRunUsage(client, { projectId, runIds: runIds.slice(turn, turn + 50) })).size,
  'usage of the steps of a run': async (client, { projectId, runIds }, turn) =>
    (await getStepUsage(client, { projectId, runId: pick(runIds, turn) })).size,
  'overview, 7 days': async (client, { projectId, to }) => (await getOverview(client, { projectId, from: before(to, 7), to })).runs,
  'overview, 30 days': async (client, { projectId, to }) => (await getOverview(client, { projectId, from: before(to, 30), to })).runs,
  'runs over time, 30 days': async (client, { projectId, to }) =>
    (await getRunSeries(client, { projectId, from: before(to, 30), to, buckets: 60 })).rows.length,
  'cost by day, 30 days': report(costReport, ['day'], 30),
  'cost by model and day, 30 days': report(costReport, ['day', 'model'], 30),
  'cost by agent, 30 days': report(costReport, ['agent'], 30),
  'cost by user, 30 days': report(costReport, ['user'], 30),
  'cost by session, 7 days': report(costReport, ['session'], 7),
  'p50 to p99 by model, 7 days': report(latencyReport, ['model'], 7),
  'p50 to p99 by model and hour, 7 days': report(latencyReport, ['model', 'hour'], 7),
  'p50 to p99 by agent, 30 days': report(latencyReport, ['agent'], 30),
  'p50 to p99 by step, 7 days': report(latencyReport, ['step'], 7),
  'tools, 30 days': report(toolsReport, ['tool'], 30),
  'failures by agent, 30 days': report(failuresReport, ['agent'], 30),
  'savings by agent, 30 days': report(savingsReport, ['agent'], 30),
}
