import type { Queryable } from '../queryable.ts'
import { EXAMPLE_COLUMNS, type StoredExample } from './example.ts'

export interface StoredSet {
  set: string
  version: number
  examples: StoredExample[]
}

export interface SetQuery {
  projectId: string
  set: string
  /** Default: the current one. */
  version?: number | undefined
  /** Default: 100. */
  limit?: number | undefined
  /** Best examples for this text first. */
  q?: string | undefined
}

const ALIVE = 'set_id = $1 and added_in <= $2 and (removed_in is null or removed_in > $2)'

const IN_ORDER = `select ${EXAMPLE_COLUMNS}, null::float8 as score from few_shot_examples where ${ALIVE} order by position limit $3`

/**
 * The score is the share of the query's words (stemmed, without stop words) that the example's input has, each word weighing
 * the more the fewer examples have it. Among equals the one with fewer other words comes first.
 */
const BY_LIKENESS = `
with alive as (
  select ${EXAMPLE_COLUMNS}, position, tsvector_to_array(to_tsvector('english', input)) as words from few_shot_examples where ${ALIVE}
), asked as (
  select unnest(tsvector_to_array(to_tsvector('english', $4))) as word
), weighed as (
  select word, ln(2 + (select count(*) from alive)) - ln(1 + (select count(*) from alive where word = any(words))) as weight from asked
)
select id, input, output, messages, tags, note, "runId", "createdAt",
       coalesce((select sum(weight) from weighed where word = any(words)) / (select nullif(sum(weight), 0) from weighed), 0)::float8 as score
  from alive
 order by score desc, cardinality(words), position
 limit $3`

/** The examples of a set at a version; undefined where there is no such set or version. */
export async function getSet(db: Queryable, query: SetQuery): Promise<StoredSet | undefined> {
  const { projectId, set, limit = 100, q } = query
  const { rows: sets } = await db.query<{ id: string; version: number }>(
    'select id, version from few_shot_sets where project_id = $1 and name = $2',
    [projectId, set],
  )
  const [found] = sets
  if (found === undefined) return undefined
  const version = query.version ?? found.version
  if (version > found.version || version < 0) return undefined
  const { rows: examples } =
    q === undefined
      ? await db.query<StoredExample>(IN_ORDER, [found.id, version, limit])
      : await db.query<StoredExample>(BY_LIKENESS, [found.id, version, limit, q.replaceAll('\0', ' ')])
  return { set, version, examples }
}
