import { ClickHouseStoreError } from '../errors.ts'

/** Local tables lie in the database of this name plus `_local`; the one of the address has a Distributed table over each. */
export const localDatabase = (database: string): string => `${database}_local`

/**
 * Which shard a row belongs to: versions of a span on one shard, so that they replace each other there and the sums that its inserts feed
 * are fed once; a conversation's texts together. From the row alone: an insert that is repeated goes where it went.
 */
const SHARDING_KEYS: Readonly<Record<string, string>> = {
  spans: 'sipHash64(trace_id)',
  span_attributes: 'sipHash64(trace_id)',
  span_logs: 'sipHash64(trace_id)',
  price_changes: 'sipHash64(trace_id)',
  contents: 'sipHash64(scope_id)',
  runs: 'sipHash64(run_id)',
  run_texts: 'sipHash64(run_id)',
  failures: 'sipHash64(run_id)',
  error_spans: 'sipHash64(trace_id)',
  trace_costs: 'sipHash64(trace_id)',
  run_usage: 'sipHash64(run_id)',
  hourly_stats: 'sipHash64(project_id, hour)',
  span_stats: 'sipHash64(project_id, hour)',
  session_stats: 'sipHash64(project_id, session_id)',
  schema_migrations: 'sipHash64(name)',
}

const CREATE_TABLE = /^(CREATE TABLE IF NOT EXISTS )(\w+)/
const CREATE_VIEW = /^(CREATE MATERIALIZED VIEW IF NOT EXISTS )(\w+)/
const ALTER = /^(ALTER TABLE )(\w+)/
const DROP = /^(DROP (?:TABLE|VIEW) IF EXISTS )(\w+)/
const ENGINE = /\bENGINE = (\w*MergeTree)\b/

/** Which of the two databases a statement of a migration runs in. */
export interface ClusterStatement {
  readonly query: string
  readonly database: 'local' | 'distributed'
}

/**
 * A statement of a migration, as every node of a cluster needs it: definitions go ON CLUSTER, with Replicated engines, to the local
 * tables; rows go through the Distributed ones.
 * @throws {ClickHouseStoreError} `invalid`, if it is of a kind that is not known to be right on a cluster
 */
export function onCluster(statement: string, cluster: string): ClusterStatement[] {
  const text = statement.replace(/^(?:\s*--.*\n)+/, '').trim()
  const quoted = `\`${cluster.replace(/[`\\]/g, '\\$&')}\``
  if (/^INSERT INTO /.test(text)) return [{ query: text, database: 'distributed' }]
  const head = [CREATE_TABLE, CREATE_VIEW, ALTER, DROP].find((pattern) => pattern.test(text))
  if (head === undefined)
    throw new ClickHouseStoreError('invalid', `A migration has a statement that can't be brought to a cluster: ${text.slice(0, 80)}`)
  const query = text
    .replace(head, (_, verb: string, name: string) => `${verb}${name} ON CLUSTER ${quoted}`)
    .replace(ENGINE, 'ENGINE = Replicated$1')
    .replaceAll('non_replicated_deduplication_window', 'replicated_deduplication_window')
  // What lies over a table that is gone goes with it.
  const over: ClusterStatement[] = text.startsWith('DROP TABLE') ? [{ query, database: 'distributed' }] : []
  return [...over, { query, database: 'local' }]
}

/** The tables that a migration's statements make. */
export const tablesOf = (statements: readonly string[]): string[] =>
  statements.flatMap((statement) => CREATE_TABLE.exec(statement.replace(/^(?:\s*--.*\n)+/, '').trim())?.[2] ?? [])

/** The table through which all shards are read and written, with the columns that its local ones have now. */
export function distributedTable(table: string, { cluster, database }: { cluster: string; database: string }): string {
  const key = SHARDING_KEYS[table]
  if (key === undefined)
    throw new ClickHouseStoreError('invalid', `Table ${table} has no sharding key: say in on-cluster.ts what keeps its rows together.`)
  const quote = (name: string) => `\`${name.replace(/[`\\]/g, '\\$&')}\``
  const text = (value: string) => `'${value.replace(/['\\]/g, '\\$&')}'`
  const local = localDatabase(database)
  return `CREATE OR REPLACE TABLE ${quote(database)}.${table} ON CLUSTER ${quote(cluster)} AS ${quote(local)}.${table}
    ENGINE = Distributed(${text(cluster)}, ${text(local)}, ${text(table)}, ${key})`
}
