import type { ClickHouseClient } from '../client.ts'
import { BOUNDS, explainBound } from './bounds.ts'

/**
 * Rows of a question, with its values bound.
 * @throws {ClickHouseStoreError} `invalid`, if it asks for more than one question may
 */
export async function runJson<T>(
  client: ClickHouseClient,
  query: string,
  params: Record<string, unknown>,
  settings: Readonly<Record<string, string>> = {},
): Promise<T[]> {
  try {
    const result = await client.query({
      query,
      query_params: params,
      format: 'JSONEachRow',
      clickhouse_settings: { ...BOUNDS, ...settings },
    })
    return await result.json<T>()
  } catch (error) {
    throw explainBound(error)
  }
}
