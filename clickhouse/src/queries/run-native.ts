import { buffer } from 'node:stream/consumers'
import type { ClickHouseClient } from '../client.ts'
import { type ReadColumns, type ReadSchema, readNative } from '../native/read-native.ts'
import { BOUNDS, explainBound } from './bounds.ts'

/**
 * Columns of a question, with its values bound: for answers of so many rows that an object for each would cost more than the question.
 * @throws {ClickHouseStoreError} `invalid`, if it asks for more than one question may; `unreadable`, if a column has another type
 */
export async function runNative<S extends ReadSchema>(
  client: ClickHouseClient,
  query: string,
  { schema, params }: { schema: S; params: Record<string, unknown> },
): Promise<{ rows: number; columns: ReadColumns<S> }> {
  try {
    const { stream } = await client.exec({ query: `${query}\nFORMAT Native`, query_params: params, clickhouse_settings: BOUNDS })
    return readNative(await buffer(stream), schema)
  } catch (error) {
    throw explainBound(error)
  }
}
