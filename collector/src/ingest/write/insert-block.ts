import { type ClickHouseClient, insertNative } from '@cairn/clickhouse'
import type { MadeBlock } from './make-block.ts'

/**
 * Inserts a block. The spans go last: they make the rest visible and feed the sums, once. A block that was inserted before, wholly or
 * in parts, under the same token changes nothing that is there.
 */
export async function insertBlock(client: ClickHouseClient, made: MadeBlock, token: string): Promise<void> {
  const insert = async (table: string, block: Buffer | undefined): Promise<void> => {
    if (block !== undefined) await insertNative(client, { table, block, token })
  }
  await Promise.all([insert('span_logs', made.logs), insert('contents', made.contents), insert('span_attributes', made.attributes)])
  await insert('spans', made.spans)
}
