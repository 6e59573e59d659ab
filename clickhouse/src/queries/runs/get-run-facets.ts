import type { ClickHouseClient } from '../../client.ts'
import { runJson } from '../run-json.ts'
import { fromRuns, Params, ROOM, type RunCopyFilter, type RunSql, toRunSql } from './run-filter.ts'

interface FacetValue {
  readonly value: string
  readonly count: number
}

export interface RunFacets {
  /** Each counted under the filter without its own condition, most frequent first. */
  readonly facets: Readonly<Record<FacetName, FacetValue[]>>
  readonly matched: number
  readonly histogram: {
    /** RFC 3339; null where nothing matches. */
    readonly from: string | null
    readonly bucketMs: number
    readonly buckets: { readonly at: string; readonly ok: number; readonly bad: number; readonly other: number }[]
  }
}

const FACETS = {
  status: 'status',
  agent: 'agent',
  version: 'agent_version',
  error: 'error_type',
  tag: 'tags',
  user: 'user_id',
  session: 'session_id',
} as const
type FacetName = keyof typeof FACETS
const NAMES = Object.keys(FACETS) as FacetName[]

/** Values of a facet that are given, and how many are counted to find them: exact up to there, and bounded. */
const MOST_VALUES = 30
const MOST_COUNTED = 4_000

const countOf = (name: FacetName): string =>
  name === 'tag'
    ? `approx_top_kArray(${MOST_VALUES}, ${MOST_COUNTED})(tags) AS f_tag`
    : `approx_top_kIf(${MOST_VALUES}, ${MOST_COUNTED})(toString(${FACETS[name]}), ${FACETS[name]} != '') AS f_${name}`

/** How many runs there are by status, agent and so on, and when. */
export async function getRunFacets(client: ClickHouseClient, filter: RunCopyFilter): Promise<RunFacets> {
  const params = new Params()
  const conditions = await toRunSql(client, filter, params)
  const filtered = NAMES.filter((name) => conditions.some(({ field }) => field === name))
  const ask = async (names: readonly FacetName[], under: readonly RunSql[], more = '') => {
    const columns = [...names.map(countOf), ...(more === '' ? [] : [more])]
    const query = `SELECT ${columns.join(', ')} ${fromRuns(under, false)}`
    return (await runJson<Record<string, unknown>>(client, query, params.values, ROOM))[0] ?? {}
  }
  const span = `count() AS matched, toUnixTimestamp64Milli(min(created_at)) AS first, toUnixTimestamp64Milli(max(created_at)) AS last`
  const free = NAMES.filter((name) => !filtered.includes(name))
  const [shared, ...own] = await Promise.all([
    ask(free, conditions, span),
    ...filtered.map((name) =>
      ask(
        [name],
        conditions.filter(({ field }) => field !== name),
      ),
    ),
  ])
  const all = Object.assign({}, shared, ...own) as Record<string, unknown>
  const matched = Number(all.matched ?? 0)
  return {
    facets: Object.fromEntries(NAMES.map((name) => [name, readTop(all[`f_${name}`])])) as Record<FacetName, FacetValue[]>,
    matched,
    histogram:
      matched === 0
        ? { from: null, bucketMs: 60_000, buckets: [] }
        : await countByTime(client, conditions, { params, firstMs: Number(all.first), lastMs: Number(all.last) }),
  }
}

/** Tuples come as lists or as objects, by the server's settings. */
const readTop = (top: unknown): FacetValue[] =>
  (Array.isArray(top) ? top : []).map((item: unknown) => {
    const [value, count] = Array.isArray(item) ? item : Object.values(item as object)
    return { value: String(value), count: Number(count) }
  })

const SECOND = 1_000
const STEPS_MS = [1, 5, 15, 30, 60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000].map((s) => s * SECOND)
const MOST_BUCKETS = 60

async function countByTime(
  client: ClickHouseClient,
  conditions: readonly RunSql[],
  { params, firstMs, lastMs }: { params: Params; firstMs: number; lastMs: number },
): Promise<RunFacets['histogram']> {
  const bucketMs = STEPS_MS.find((step) => (lastMs - firstMs) / step < MOST_BUCKETS - 1) ?? STEPS_MS.at(-1) ?? SECOND
  const rows = await runJson<{ bucket: string; ok: string; bad: string; all: string }>(
    client,
    `SELECT intDiv(toUnixTimestamp64Milli(created_at), ${bucketMs}) AS bucket, countIf(status = 'succeeded') AS ok,
       countIf(status IN ('failed', 'crashed')) AS bad, count() AS all ${fromRuns(conditions, false)}
     GROUP BY bucket ORDER BY bucket LIMIT 1000`,
    params.values,
    ROOM,
  )
  return {
    from: new Date(Math.floor(firstMs / bucketMs) * bucketMs).toISOString(),
    bucketMs,
    buckets: rows.map((row) => ({
      at: new Date(Number(row.bucket) * bucketMs).toISOString(),
      ok: Number(row.ok),
      bad: Number(row.bad),
      other: Number(row.all) - Number(row.ok) - Number(row.bad),
    })),
  }
}
