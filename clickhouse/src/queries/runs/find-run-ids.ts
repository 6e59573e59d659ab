import type { ClickHouseClient } from '../../client.ts'
import { runJson } from '../run-json.ts'
import { DURATION_MS, fromRuns, Params, ROOM, type RunCopyFilter, toRunSql } from './run-filter.ts'

export type RunSort = 'started' | 'duration' | 'cost' | 'tokens'

export interface RunIdPage {
  readonly sort: RunSort
  readonly order: 'asc' | 'desc'
  readonly limit: number
  /** Where the page before ended. */
  readonly after: { readonly value: string; readonly id: string } | null
}

/** An unknown price comes after all that are known, in falling order. */
const SORTS: Readonly<Record<RunSort, readonly [value: string, parse: (bound: string) => string]>> = {
  started: ['created_at', (bound) => `parseDateTime64BestEffort(${bound}, 6, 'UTC')`],
  duration: [`coalesce(${DURATION_MS}, -1)`, (bound) => `toInt64(${bound})`],
  cost: ['if(u.unpriced > 0, toDecimal128(-1, 12), toDecimal128(u.usd, 12))', (bound) => `toDecimal128(${bound}, 12)`],
  tokens: ['toUInt64(u.tokens)', (bound) => `toUInt64(${bound})`],
}

/** Ids of runs that a filter lets through, in order, from ClickHouse's copy: Postgres says what each is now. */
export async function findRunIds(
  client: ClickHouseClient,
  filter: RunCopyFilter,
  { sort, order, limit, after }: RunIdPage,
): Promise<{ id: string; value: string }[]> {
  const params = new Params()
  const conditions = await toRunSql(client, filter, params)
  const [value, parse] = SORTS[sort]
  if (after !== null) {
    const bound = parse(params.bind(after.value, 'String'))
    const than = order === 'desc' ? '<' : '>'
    const sql = `(${value}, toString(run_id)) ${than} (${bound}, ${params.bind(after.id, 'String')})`
    conditions.push({ field: '', sql, ofUsage: false })
  }
  const withUsage = sort === 'cost' || sort === 'tokens'
  return runJson<{ id: string; value: string }>(
    client,
    `SELECT toString(run_id) AS id, toString(${value}) AS value ${fromRuns(conditions, withUsage)}
     ORDER BY ${value} ${order}, toString(run_id) ${order} LIMIT ${params.bind(limit, 'UInt32')}`,
    params.values,
    ROOM,
  )
}
