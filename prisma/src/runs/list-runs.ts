import { mergedGroups } from '../failures/merges.ts'
import type { Queryable } from '../queryable.ts'
import { escapeLike, type RunRowCondition, toRunSql } from './run-conditions.ts'
import { type RunRow, runColumns } from './run-row.ts'

export interface RunListFilter {
  readonly status?: readonly string[] | undefined
  readonly agent?: string | undefined
  readonly version?: string | undefined
  readonly sessionId?: string | undefined
  readonly userId?: string | undefined
  readonly tag?: string | undefined
  readonly errorGroup?: string | undefined
  /** RFC 3339; inclusive. */
  readonly from?: string | undefined
  /** RFC 3339; exclusive. */
  readonly to?: string | undefined
  /** Text sought in id, agent, error, input and output. */
  readonly q?: string | undefined
  readonly parentRunId?: string | undefined
  /** Only runs that no other run called. */
  readonly topLevel?: boolean | undefined
  /** Of a query; all must hold. */
  readonly conditions?: readonly RunRowCondition[] | undefined
  /** Only these. */
  readonly ids?: readonly string[] | undefined
}

export interface RunListPage {
  readonly limit: number
  /** Where the page before ended. */
  readonly after: { readonly createdAt: string; readonly id: string } | null
}

/** Conditions and bound values of a filter, numbered from $2; $1 is the project. */
function runConditions(filter: RunListFilter): { where: string; values: unknown[] } {
  const values: unknown[] = []
  const conditions = ['r.project_id = $1']
  const add = (value: unknown, condition: (parameter: string) => string) => {
    if (value === undefined) return
    values.push(value)
    conditions.push(condition(`$${values.length + 1}`))
  }
  add(filter.status, (p) => `r.status = ANY(${p}::text[])`)
  add(filter.agent, (p) => `r.agent = ${p}`)
  add(filter.version, (p) => `r.version = ${p}`)
  add(filter.sessionId, (p) => `r.session_id = ${p}`)
  add(filter.userId, (p) => `r.user_id = ${p}`)
  add(filter.tag, (p) => `${p} = ANY(r.tags)`)
  // With the groups that were merged into it.
  add(filter.errorGroup, (p) => `r.error_group IN (${mergedGroups('$1', p)})`)
  add(filter.from, (p) => `r.created_at >= ${p}::timestamptz`)
  add(filter.to, (p) => `r.created_at < ${p}::timestamptz`)
  const like = filter.q === undefined ? undefined : `%${escapeLike(filter.q)}%`
  add(
    like,
    (p) => `(r.id::text ILIKE ${p} OR r.agent ILIKE ${p} OR r.error_message ILIKE ${p} OR EXISTS (
      SELECT FROM run_values v WHERE v.run_id = r.id AND (v.input ILIKE ${p} OR v.output ILIKE ${p})))`,
  )
  add(filter.parentRunId, (p) => `r.parent_run_id = ${p}::uuid`)
  add(filter.ids, (p) => `r.id = ANY(${p}::uuid[])`)
  if (filter.topLevel === true) conditions.push('r.parent_run_id IS NULL')
  const bind = (value: unknown) => `$${values.push(value) + 1}`
  for (const condition of filter.conditions ?? []) conditions.push(toRunSql(condition, bind))
  return { where: conditions.join(' AND '), values }
}

/** The newest runs of a project that a filter lets through, newest first. */
export async function listRuns(db: Queryable, projectId: string, filter: RunListFilter, page: RunListPage): Promise<RunRow[]> {
  const { where, values } = runConditions(filter)
  const n = values.length + 2
  const after = page.after === null ? '' : `AND (r.created_at, r.id) < ($${n + 1}::timestamptz, $${n + 2}::uuid)`
  const { rows } = await db.query<RunRow>({
    text: `SELECT ${runColumns('r')} FROM runs r WHERE ${where} ${after} ORDER BY r.created_at DESC, r.id DESC LIMIT $${n}`,
    values: [projectId, ...values, page.limit, ...(page.after === null ? [] : [page.after.createdAt, page.after.id])],
  })
  return rows
}

/** How many runs of a project there are of each status, under a filter. */
export async function countRunsByStatus(db: Queryable, projectId: string, filter: RunListFilter): Promise<Record<string, number>> {
  const { where, values } = runConditions({ ...filter, status: undefined })
  const { rows } = await db.query<{ status: string; count: number }>({
    text: `SELECT r.status, count(*)::int AS count FROM runs r WHERE ${where} GROUP BY r.status`,
    values: [projectId, ...values],
  })
  return Object.fromEntries(rows.map((row) => [row.status, row.count]))
}

/** The agents that have runs in a project, by name; at most 200. */
export async function listAgents(db: Queryable, projectId: string): Promise<string[]> {
  const { rows } = await db.query<{ agent: string }>({
    name: 'list-agents',
    text: 'SELECT DISTINCT agent FROM runs WHERE project_id = $1 ORDER BY agent LIMIT 200',
    values: [projectId],
  })
  return rows.map((row) => row.agent)
}
