import type { Pool, PoolClient } from 'pg'

/** What an operation needs of Postgres: a pool, or one connection in a transaction. */
export type Queryable = Pick<Pool, 'query'> | Pick<PoolClient, 'query'>
