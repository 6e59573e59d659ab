import type { Pool, PoolClient } from 'pg'

/** Runs `work` in one transaction of its own connection. */
export async function inTransaction<T>(pool: Pool, work: (db: PoolClient) => Promise<T>): Promise<T> {
  const db = await pool.connect()
  try {
    await db.query('BEGIN')
    const result = await work(db)
    await db.query('COMMIT')
    db.release()
    return result
  } catch (error) {
    // A connection whose rollback fails is not given back to the pool.
    await db.query('ROLLBACK').then(
      () => db.release(),
      (failure: Error) => db.release(failure),
    )
    throw error
  }
}
