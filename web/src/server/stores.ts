import 'server-only'
import { type ClickHouseClient, createClickHouse } from '@cairn/clickhouse'
import { createPool, createPrisma, type PrismaClient } from '@cairn/prisma'
import { readConfig } from '@/config'

interface Stores {
  readonly pool: ReturnType<typeof createPool>
  readonly prisma: PrismaClient
  readonly clickhouse: ClickHouseClient
}

// One set a process, also when a module is loaded twice.
const holder = globalThis as { cairnStores?: Stores }

/** Connections to both stores. */
export function stores(): Stores {
  if (holder.cairnStores === undefined) {
    const { DATABASE_URL, CLICKHOUSE_URL } = readConfig()
    holder.cairnStores = {
      pool: createPool(DATABASE_URL, { max: 5, applicationName: 'cairn-web' }),
      prisma: createPrisma(DATABASE_URL, { max: 5, applicationName: 'cairn-web' }),
      clickhouse: createClickHouse({ url: CLICKHOUSE_URL }),
    }
  }
  return holder.cairnStores
}
