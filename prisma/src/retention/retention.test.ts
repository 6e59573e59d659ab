import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import type pg from 'pg'
import { v7 } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ensureFirstProject } from '../accounts/ensure-first-project.ts'
import { putBlob } from '../blobs/put-blob.ts'
import { createPool } from '../client.ts'
import { createTestDatabase, type TestDatabase } from '../testing/index.ts'
import { deleteOldRecords, deleteOldRuns } from './delete-old-runs.ts'
import { getRetention, setRetention } from './retention.ts'

let database: TestDatabase
let pool: pg.Pool
let projectId: string
beforeAll(async () => {
  database = await createTestDatabase()
  pool = createPool(database.url, { max: 4 })
  projectId = (await ensureFirstProject(pool)).id
})
afterAll(async () => {
  await pool?.end()
  await database?.drop()
})
const clear = () =>
  pool.query(
    'TRUNCATE runs, run_values, executions, steps, state_patches, run_events, signals, artifacts, blobs, step_cache, workers, bulk_resumes',
  )
beforeEach(clear)

interface Made {
  readonly status: string
  /** Days since its end; null: it goes on. */
  readonly age: number | null
  /** Index of the blob that a step of it refers to. */
  readonly blob: number | null
  readonly parentId?: string
}

async function make({ status, age, blob, parentId }: Made, blobs: readonly Buffer[]): Promise<string> {
  const id = v7()
  await pool.query(
    `INSERT INTO runs (id, project_id, trace_id, agent, status, parent_run_id, ended_at)
     VALUES ($1, $2, $3, 'a', $4, $5, now() - $6 * interval '1 day')`,
    [id, projectId, randomBytes(16).toString('hex'), status, parentId ?? null, age],
  )
  await pool.query('INSERT INTO run_values (run_id) VALUES ($1)', [id])
  await pool.query(`INSERT INTO executions (run_id, number) VALUES ($1, 1)`, [id])
  await pool.query(`INSERT INTO run_events (run_id, seq, execution, type, data) VALUES ($1, nextval('run_seq'), 1, 'status', '{}')`, [id])
  await pool.query(
    `INSERT INTO steps (run_id, key, seq, name, kind, status, attempt, execution, output_blob)
     VALUES ($1, 's', nextval('run_seq'), 's', 'step', 'succeeded', 1, 1, $2)`,
    [id, blob === null ? null : blobs[blob]],
  )
  return id
}

async function makeBlobs(count: number): Promise<Buffer[]> {
  const hashes: Buffer[] = []
  for (let i = 0; i < count; i++) hashes.push(await putBlob(pool, projectId, randomBytes(100)))
  await pool.query(`UPDATE blobs SET created_at = now() - interval '1 day'`)
  return hashes
}
const all = async (sql: string) => (await pool.query<{ x: string }>(sql)).rows.map(({ x }) => x).sort()
async function deleteAll(most = 2): Promise<void> {
  while ((await deleteOldRuns(pool, most)) > 0);
}

const ENDED = ['succeeded', 'failed', 'crashed', 'cancelled']
const AnyRun = fc.record({
  status: fc.constantFrom(...ENDED, 'queued', 'running', 'waiting', 'paused'),
  age: fc.constantFrom(0, 29, 31, 89, 91, 400),
  blob: fc.option(fc.nat(2), { nil: null }),
  child: fc.option(fc.nat(2), { nil: undefined }),
})

describe('retention', () => {
  it('deletes what is due with all that belongs to it, and nothing that anything left refers to', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(AnyRun, { minLength: 1, maxLength: 8 }), async (runs) => {
        await clear()
        const blobs = await makeBlobs(3)
        const left: string[] = []
        const referred = new Set<number>()
        for (const { child, ...run } of runs) {
          const isEnded = ENDED.includes(run.status)
          const id = await make({ ...run, age: isEnded || run.status === 'paused' ? run.age : null }, blobs)
          const family = [{ id, blob: run.blob }]
          if (child !== undefined)
            family.push({ id: await make({ status: 'succeeded', age: 500, blob: child, parentId: id }, blobs), blob: child })
          if (isEnded && run.age > (run.status === 'succeeded' ? 30 : 90)) continue
          for (const one of family) {
            left.push(one.id)
            if (one.blob !== null) referred.add(one.blob)
          }
        }
        const used = new Set(runs.flatMap((run) => [run.blob, run.child ?? null]))
        await deleteAll()
        for (const table of ['runs'] as const) expect(await all(`SELECT id AS x FROM ${table}`)).toEqual([...left].sort())
        for (const table of ['run_values', 'executions', 'run_events', 'steps'] as const)
          expect(await all(`SELECT run_id AS x FROM ${table}`)).toEqual([...left].sort())
        // A blob that nothing ever referred to is nobody's to delete here.
        const kept = blobs.filter((_, i) => referred.has(i) || !used.has(i)).map((hash) => hash.toString('hex'))
        expect(await all(`SELECT encode(hash, 'hex') AS x FROM blobs`)).toEqual(kept.sort())
      }),
      { numRuns: 25 },
    )
  })

  it('goes by the project’s own days, in batches, and leaves alone what is being worked with', async () => {
    expect(await getRetention(pool, projectId)).toEqual({ succeededDays: 30, otherDays: 90 })
    const ids = []
    for (let i = 0; i < 5; i++) ids.push(await make({ status: 'succeeded', age: 6, blob: null }, []))
    expect(await deleteOldRuns(pool, 10)).toBe(0)
    await setRetention(pool, projectId, { succeededDays: 5, otherDays: 90 })
    const holder = await pool.connect()
    await holder.query('BEGIN')
    await holder.query('SELECT FROM runs WHERE id = $1 FOR NO KEY UPDATE', [ids[0]])
    expect([await deleteOldRuns(pool, 3), await deleteOldRuns(pool, 3), await deleteOldRuns(pool, 3)]).toEqual([3, 1, 0])
    await holder.query('COMMIT')
    holder.release()
    expect(await deleteOldRuns(pool, 3)).toBe(1)
    await setRetention(pool, projectId, { succeededDays: 30, otherDays: 90 })
  })

  it('keeps a blob that the step cache or a value stored just now refers to', async () => {
    const [cached, fresh] = await makeBlobs(2)
    await make({ status: 'failed', age: 100, blob: 0 }, [cached as Buffer])
    await make({ status: 'failed', age: 100, blob: 0 }, [fresh as Buffer])
    await pool.query(
      `INSERT INTO step_cache (project_id, key_hash, output_blob, run_id, step_key, expires_at) VALUES ($1, '\\x00', $2, $3, 's', now())`,
      [projectId, cached, v7()],
    )
    await pool.query(`UPDATE blobs SET created_at = now() WHERE hash = $1`, [fresh])
    await deleteAll()
    expect((await all(`SELECT encode(hash, 'hex') AS x FROM blobs`)).length).toBe(2)
  })

  it('forgets workers that are long gone', async () => {
    await pool.query(
      `INSERT INTO workers (id, project_id, agents, capacity, hostname, pid, sdk_version, lease_until, ended_at)
       SELECT 'w' || d, $1, '[]', 1, '', 0, '', now(), now() - d * interval '1 day' FROM unnest(ARRAY[1, 8, 9]) AS d`,
      [projectId],
    )
    expect(await deleteOldRecords(pool, 100)).toBe(2)
    expect(await all('SELECT id AS x FROM workers')).toEqual(['w1'])
  })
})
