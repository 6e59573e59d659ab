/** One condition on runs: values and ranges of it are alternatives. */
export type RunRowCondition =
  | {
      readonly type: 'text'
      readonly field: string
      readonly negated: boolean
      readonly values: readonly { readonly text: string; readonly exact: boolean }[]
    }
  | { readonly type: 'range'; readonly field: string; readonly negated: boolean; readonly ranges: readonly RunRowRange[] }

interface RunRowRange {
  readonly from: { readonly value: string; readonly inclusive: boolean } | null
  readonly to: { readonly value: string; readonly inclusive: boolean } | null
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const COLUMNS: Readonly<Record<string, string>> = {
  status: 'r.status',
  agent: 'r.agent',
  version: 'r.version',
  user: 'r.user_id',
  session: 'r.session_id',
  step: 'r.failed_step',
  group: 'r.error_group',
}
const RANGES: Readonly<Record<string, readonly [sql: string, type: string]>> = {
  started: ['r.created_at', 'timestamptz'],
  duration: ['extract(epoch FROM coalesce(r.ended_at, now()) - r.started_at) * 1000', 'numeric'],
  executions: ['r.execution', 'numeric'],
}

/** Fields that Postgres knows; what runs cost and used lies in ClickHouse. */
export const isRunRowField = (field: string): boolean =>
  field in COLUMNS || field in RANGES || field === 'tag' || field === 'error' || field === 'id'

export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&')

/** SQL of a condition on the row `r`; `bind` gives a value its parameter. */
export function toRunSql(condition: RunRowCondition, bind: (value: unknown) => string): string {
  const sql = condition.type === 'text' ? textSql(condition, bind) : rangeSql(condition, bind)
  return condition.negated ? `NOT coalesce((${sql}), false)` : `(${sql})`
}

function textSql({ field, values }: Extract<RunRowCondition, { type: 'text' }>, bind: (value: unknown) => string): string {
  const texts = values.map(({ text }) => text.replaceAll('\0', '\ufffd'))
  if (field === 'tag') return `r.tags && ${bind(texts)}::text[]`
  if (field === 'error')
    return values
      .map(({ text, exact }) =>
        exact
          ? `r.error_type = ${bind(text.replaceAll('\0', ''))}`
          : `r.error_type ILIKE ${bind(`%${escapeLike(text.replaceAll('\0', ''))}%`)}`,
      )
      .join(' OR ')
  if (field === 'id')
    return texts
      .map((text) => {
        const id = text.toLowerCase()
        if (UUID.test(id)) return `r.id = ${bind(id)}::uuid`
        return `r.id::text LIKE ${bind(`${escapeLike(id)}%`)} OR r.id::text LIKE ${bind(`%${escapeLike(id)}`)}`
      })
      .join(' OR ')
  const column = COLUMNS[field]
  return column === undefined ? 'false' : `${column} = ANY(${bind(texts)}::text[])`
}

function rangeSql({ field, ranges }: Extract<RunRowCondition, { type: 'range' }>, bind: (value: unknown) => string): string {
  const [sql, type] = RANGES[field] ?? []
  if (sql === undefined) return 'false'
  return ranges
    .map(({ from, to }) => {
      const parts = [
        ...(from === null ? [] : [`${sql} ${from.inclusive ? '>=' : '>'} ${bind(from.value)}::${type}`]),
        ...(to === null ? [] : [`${sql} ${to.inclusive ? '<=' : '<'} ${bind(to.value)}::${type}`]),
      ]
      return parts.length === 0 ? 'true' : `(${parts.join(' AND ')})`
    })
    .join(' OR ')
}
