import type { ClickHouseClient } from '../../client.ts'
import { findTracesWithWords, wordsOf } from '../find-text.ts'

/** One condition on runs: values and ranges of it are alternatives. */
export type RunCopyCondition =
  | {
      readonly type: 'text'
      readonly field: string
      readonly negated: boolean
      readonly values: readonly { readonly text: string; readonly exact: boolean }[]
    }
  | {
      readonly type: 'range'
      readonly field: string
      readonly negated: boolean
      readonly ranges: readonly { readonly from: Bound | null; readonly to: Bound | null }[]
    }
  | { readonly type: 'words'; readonly text: string; readonly isPhrase: boolean; readonly negated: boolean }

interface Bound {
  readonly value: string
  readonly inclusive: boolean
}

export interface RunCopyFilter {
  readonly projectId: string
  readonly conditions: readonly RunCopyCondition[]
  readonly parentRunId?: string | undefined
  readonly topLevel?: boolean | undefined
  /** RFC 3339: until when what still goes on has gone on. */
  readonly now: string
}

/** SQL of a condition, and whether it asks for what runs cost or used. */
export interface RunSql {
  readonly field: string
  readonly sql: string
  readonly ofUsage: boolean
}

const COLUMNS: Readonly<Record<string, string>> = {
  status: 'status',
  agent: 'agent',
  version: 'agent_version',
  user: 'user_id',
  session: 'session_id',
  step: 'failed_step',
  group: 'error_group',
}

const NOW = `parseDateTime64BestEffort({now:String}, 6, 'UTC')`
export const DURATION_MS = `dateDiff('millisecond', started_at, coalesce(ended_at, ${NOW}))`

const RANGES: Readonly<Record<string, (bound: string) => readonly [sql: string, bound: string]>> = {
  started: (bound) => ['created_at', `parseDateTime64BestEffort(${bound}, 6, 'UTC')`],
  duration: (bound) => [DURATION_MS, `toFloat64(${bound})`],
  executions: (bound) => ['executions', `toFloat64(${bound})`],
  tokens: (bound) => ['u.tokens', `toFloat64(${bound})`],
  cost: (bound) => ['u.usd', `toDecimal128(${bound}, 12)`],
}

/** Binds values of one question under names of their own. */
export class Params {
  readonly values: Record<string, unknown> = {}
  #count = 0

  bind(value: unknown, type: string): string {
    const name = `v${this.#count++}`
    this.values[name] = value
    return `{${name}:${type}}`
  }
}

const LOOK_BACK_MS = 90 * 86_400_000

/** Each condition as SQL over `runs`, with what was used as `u`. Words are looked up here, once. */
export async function toRunSql(client: ClickHouseClient, filter: RunCopyFilter, params: Params): Promise<RunSql[]> {
  params.values.projectId = filter.projectId
  params.values.now = filter.now
  const list: RunSql[] = []
  if (filter.topLevel === true) list.push({ field: '', sql: `parent_run_id = ''`, ofUsage: false })
  if (filter.parentRunId !== undefined)
    list.push({ field: '', sql: `parent_run_id = ${params.bind(filter.parentRunId, 'String')}`, ofUsage: false })
  const plain = filter.conditions.filter(isPlain)
  if (plain.length > 0) list.push({ field: 'words', sql: `(${await plainSql({ client, filter, params }, plain)})`, ofUsage: false })
  for (const condition of filter.conditions) {
    if (isPlain(condition)) continue
    const sql =
      condition.type === 'text'
        ? textSql(condition, params)
        : condition.type === 'range'
          ? rangeSql(condition, params)
          : await wordsSql({ client, filter, params }, condition)
    const field = condition.type === 'words' ? 'words' : condition.field
    list.push({ field, sql: condition.negated ? `NOT coalesce((${sql}), 0)` : `(${sql})`, ofUsage: field === 'cost' || field === 'tokens' })
  }
  return list
}

function textSql({ field, values }: Extract<RunCopyCondition, { type: 'text' }>, params: Params): string {
  const texts = values.map(({ text }) => text)
  if (field === 'tag') return `hasAny(tags, ${params.bind(texts, 'Array(String)')})`
  if (field === 'error')
    return values
      .map(({ text, exact }) =>
        exact
          ? `error_type = ${params.bind(text, 'String')}`
          : `positionCaseInsensitiveUTF8(error_type, ${params.bind(text, 'String')}) > 0`,
      )
      .join(' OR ')
  if (field === 'id')
    return texts
      .map((text) => {
        const id = params.bind(text.toLowerCase(), 'String')
        return `startsWith(toString(run_id), ${id}) OR endsWith(toString(run_id), ${id})`
      })
      .join(' OR ')
  const column = COLUMNS[field]
  return column === undefined ? '0' : `${column} IN ${params.bind(texts, 'Array(String)')}`
}

function rangeSql({ field, ranges }: Extract<RunCopyCondition, { type: 'range' }>, params: Params): string {
  const range = RANGES[field]
  if (range === undefined) return '0'
  // What has no price is not known to cost more or less than anything.
  const known = field === 'cost' ? ['u.unpriced = 0'] : []
  return ranges
    .map(({ from, to }) => {
      const parts = [...known]
      for (const [bound, op] of [
        [from, '>'],
        [to, '<'],
      ] as const) {
        if (bound === null) continue
        const [column, value] = range(params.bind(bound.value, 'String'))
        parts.push(`${column} ${op}${bound.inclusive ? '=' : ''} ${value}`)
      }
      return parts.length === 0 ? '1' : `(${parts.join(' AND ')})`
    })
    .join(' OR ')
}

interface Ask {
  readonly client: ClickHouseClient
  readonly filter: RunCopyFilter
  readonly params: Params
}
type Words = Extract<RunCopyCondition, { type: 'words' }>

const isPlain = (condition: RunCopyCondition): condition is Words & { readonly isPhrase: false; readonly negated: false } =>
  condition.type === 'words' && !condition.isPhrase && !condition.negated

/** All words in one message or result of the run's trace, found at once; or each in the run itself. */
async function plainSql(ask: Ask, plain: readonly Words[]): Promise<string> {
  const inTraces = await inTracesSql(ask, wordsOf(plain.map(({ text }) => text).join(' ')))
  return `(${plain.map((one) => `(${inRunSql(ask.params, one)})`).join(' AND ')})${inTraces}`
}

/** In the run itself, or in any message or result of its trace. */
async function wordsSql(ask: Ask, words: Words): Promise<string> {
  const list = wordsOf(words.text)
  return inRunSql(ask.params, words) + (await inTracesSql(ask, list, words.isPhrase && list.length > 1 ? words.text : undefined))
}

/** In inputs, outputs and errors of the run, or in its names. */
function inRunSql(params: Params, { text, isPhrase }: Words): string {
  const words = wordsOf(text)
  const whole = params.bind(text, 'String')
  const named = `positionCaseInsensitiveUTF8(concat(agent, ' ', error_message), ${whole}) > 0
    OR startsWith(toString(run_id), lower(${whole})) OR endsWith(toString(run_id), lower(${whole})) OR trace_id = lower(${whole})`
  if (words.length === 0) return named
  const inPhrase = isPhrase && words.length > 1 ? `AND positionCaseInsensitiveUTF8(text, ${whole}) > 0` : ''
  return `${named} OR run_id IN (SELECT run_id FROM run_texts WHERE project_id = {projectId:UUID}
    AND hasAllTokens(text, ${params.bind(words, 'Array(String)')}) ${inPhrase})`
}

async function inTracesSql({ client, filter }: Ask, words: readonly string[], phrase?: string): Promise<string> {
  const nowMs = Date.parse(filter.now)
  const traces = await findTracesWithWords(client, {
    projectId: filter.projectId,
    words,
    phrase,
    from: new Date(nowMs - LOOK_BACK_MS).toISOString(),
    to: new Date(nowMs + 3_600_000).toISOString(),
  })
  // Ids from the store are hexadecimal digits.
  return traces.length === 0 ? '' : ` OR trace_id IN (${traces.map((id) => `'${id}'`).join(',')})`
}

/** Thousands of traces are named for each of some phrases. */
export const ROOM = { max_query_size: '4000000' }

/** What each run cost and used, a called run's part of the run at the top of its trace too. */
const USAGE = `SELECT id, sum(usd_part) AS usd, sum(tokens_part) AS tokens, sum(unpriced_part) AS unpriced FROM (
    SELECT run_id AS id, cost_total AS usd_part, usage_total AS tokens_part, run_usage.unpriced AS unpriced_part
    FROM run_usage WHERE project_id = {projectId:UUID}
    UNION ALL
    SELECT tree.root AS id, cost_total AS usd_part, usage_total AS tokens_part, run_usage.unpriced AS unpriced_part
    FROM run_usage INNER JOIN (
      SELECT toString(c.run_id) AS child, toString(any(p.run_id)) AS root
      FROM (SELECT run_id, trace_id FROM runs WHERE project_id = {projectId:UUID} AND parent_run_id != '') AS c
      INNER JOIN (SELECT run_id, trace_id FROM runs WHERE project_id = {projectId:UUID} AND parent_run_id = '') AS p ON p.trace_id = c.trace_id
      GROUP BY child
    ) AS tree ON tree.child = run_usage.run_id WHERE project_id = {projectId:UUID}
  ) GROUP BY id`

/** FROM and WHERE over runs that meet conditions; with `u`, what they used, where it is asked for. */
export function fromRuns(conditions: readonly RunSql[], withUsage: boolean): string {
  const join = withUsage || conditions.some(({ ofUsage }) => ofUsage)
  const where = ['project_id = {projectId:UUID}', ...conditions.map(({ sql }) => sql)].join('\n      AND ')
  return `FROM runs ${join ? 'AS runs FINAL' : 'FINAL'}${join ? ` LEFT JOIN (${USAGE}) AS u ON u.id = toString(runs.run_id)` : ''}
    WHERE ${where}`
}
