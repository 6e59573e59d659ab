import type { ClickHouseClient } from '@cairn/clickhouse'

interface Asked {
  readonly query: string
  readonly query_params?: Record<string, unknown>
  readonly clickhouse_settings?: object
}

/** A client that passes questions on and keeps them, so that what they read can be asked afterwards. */
export function recordQueries(client: ClickHouseClient): { client: ClickHouseClient; asked: Asked[] } {
  const asked: Asked[] = []
  const recording = new Proxy(client, {
    get(target, name) {
      if (name === 'query')
        return (question: Asked) => {
          asked.push(question)
          return target.query(question as never)
        }
      const value = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { client: recording, asked }
}

/** Rows and bytes that these questions read, together: the JSON format says it below its rows. */
export async function readCost(client: ClickHouseClient, asked: readonly Asked[]): Promise<{ rows: number; bytes: number }> {
  let rows = 0
  let bytes = 0
  for (const question of asked) {
    const answer = await client.query({ ...question, format: 'JSON' } as never)
    const { statistics } = (await answer.json()) as { statistics?: { rows_read: number; bytes_read: number } }
    rows += statistics?.rows_read ?? 0
    bytes += statistics?.bytes_read ?? 0
  }
  return { rows, bytes }
}
