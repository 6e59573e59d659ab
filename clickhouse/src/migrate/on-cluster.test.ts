import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestStore, type TestStore } from '../testing/test-store.fixture.ts'
import { migrationNames, readStatements } from './migrate.ts'
import { distributedTable, onCluster, tablesOf } from './on-cluster.ts'

let store: TestStore
beforeAll(async () => {
  store = await startTestStore()
})
afterAll(() => store?.stop())

const CLUSTER = 'traces-eu'
const statements = migrationNames().flatMap(readStatements)

/** The engine's own parser, on a statement that it would need a cluster to run. */
async function canParse(query: string): Promise<void> {
  const answer = await store.client.query({
    query: 'SELECT formatQuery({query:String}) AS text',
    query_params: { query },
    format: 'JSONEachRow',
  })
  await answer.json()
}

describe('migrations on a cluster', () => {
  test.each(statements.map((statement) => [statement.replace(/^(?:\s*--.*\n)+/, '').slice(0, 70), statement]))(
    '%s',
    async (_name, statement) => {
      for (const { query, database } of onCluster(statement, CLUSTER)) {
        await canParse(query)
        if (database === 'distributed') continue
        expect(query).toContain('ON CLUSTER `traces-eu`')
        expect(query).not.toMatch(/ENGINE = (?!Replicated)\w*MergeTree/)
        expect(query).not.toContain('non_replicated')
      }
    },
  )

  test('every table has a Distributed one, whose key the engine knows in its columns', async () => {
    for (const table of tablesOf(statements).filter((name) => name !== 'span_stats')) {
      await canParse(distributedTable(table, { cluster: CLUSTER, database: 'cairn' }))
      const key = /, (sipHash64\(.*\))\)$/.exec(distributedTable(table, { cluster: CLUSTER, database: 'cairn' }))?.[1]
      await (await store.client.query({ query: `SELECT ${key} FROM ${table} LIMIT 1`, format: 'JSONEachRow' })).json()
    }
  })

  test('names are quoted', () => {
    const query = 'DROP TABLE IF EXISTS x ON CLUSTER `a\\`b`'
    expect(onCluster('DROP TABLE IF EXISTS x', 'a`b')).toEqual([
      { query, database: 'distributed' },
      { query, database: 'local' },
    ])
    expect(distributedTable('spans', { cluster: "c'd", database: 'e`f' })).toBe(
      "CREATE OR REPLACE TABLE `e\\`f`.spans ON CLUSTER `c'd` AS `e\\`f_local`.spans\n    ENGINE = Distributed('c\\'d', 'e`f_local', 'spans', sipHash64(trace_id))",
    )
  })

  test('a statement of an unknown kind is refused, and not run on one node only', () => {
    expect(() => onCluster('OPTIMIZE TABLE spans', CLUSTER)).toThrow("can't be brought to a cluster: OPTIMIZE TABLE spans")
  })
})
