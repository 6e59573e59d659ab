import { Readable } from 'node:stream'
import type { ClickHouseClient } from '../client.ts'
import { once } from '../inserts/once.ts'

/**
 * Inserts a block of the Native format. A token under which the table had a block changes nothing, in it and in the sums that it
 * feeds. Resolves when the rows are stored.
 */
export async function insertNative(
  client: ClickHouseClient,
  { table, block, token }: { table: string; block: Buffer; token: string },
): Promise<void> {
  const { stream } = await client.exec({
    query: `INSERT INTO ${table} FORMAT Native`,
    values: Readable.from([block], { objectMode: false }),
    clickhouse_settings: once(token),
  })
  stream.resume()
  await new Promise((resolve, reject) => stream.once('end', resolve).once('error', reject).once('close', resolve))
}
