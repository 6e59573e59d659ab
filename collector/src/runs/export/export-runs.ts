import type { RunSort } from '@cairn/clickhouse'
import { getRunValues, type RunRow } from '@cairn/prisma'
import type { RunQueryFilter } from '@cairn/sdk/protocol'
import type { CollectorContext } from '../../context.ts'
import { findRunPage } from '../find-run-page.ts'
import { toSummaries } from '../load-runs.ts'
import { loadValue } from '../value-store.ts'
import { csvEncoder, jsonlEncoder, parquetEncoder } from './encoders.ts'
import type { ExportedRun } from './export-row.ts'

/** Each page asks the filter anew. */
const PAGE = 2_000
/** Values may be large: those of few runs are held at a time. */
const LOADED = 100

export const EXPORT_TYPES = {
  jsonl: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
} as const

const ENCODERS = { jsonl: jsonlEncoder, csv: csvEncoder, parquet: parquetEncoder } as const

export interface ExportRequest {
  readonly filter: RunQueryFilter
  readonly sort: RunSort
  readonly order: 'asc' | 'desc'
  readonly format: keyof typeof ENCODERS
}

/** The file of all runs that a filter lets through, piece by piece: the next page is read when the one before is sent. */
export async function* exportRuns(ctx: CollectorContext, projectId: string, request: ExportRequest): AsyncGenerator<Uint8Array | string> {
  const encoder = ENCODERS[request.format]()
  let cursor: string | undefined
  do {
    const { rows, nextCursor } = await findRunPage(ctx, projectId, { ...request, limit: PAGE, cursor })
    for (let at = 0; at < rows.length; at += LOADED) yield* some(encoder.page(await loadRuns(ctx, projectId, rows.slice(at, at + LOADED))))
    cursor = nextCursor ?? undefined
  } while (cursor !== undefined)
  yield* some(encoder.end())
}

async function loadRuns(ctx: CollectorContext, projectId: string, rows: readonly RunRow[]): Promise<ExportedRun[]> {
  const ids = rows.map((row) => row.id)
  const [summaries, values] = await Promise.all([toSummaries(ctx, projectId, rows), getRunValues(ctx.pool, ids)])
  const runs: ExportedRun[] = []
  for (const summary of summaries) {
    const stored = values.get(summary.id)
    runs.push({
      ...summary,
      input: await loadValue(ctx.pool, projectId, { text: stored?.input ?? null, blob: stored?.inputBlob ?? null }),
      output: await loadValue(ctx.pool, projectId, { text: stored?.output ?? null, blob: stored?.outputBlob ?? null }),
    })
  }
  return runs
}

/** An empty piece would end a stream. */
const some = (piece: Uint8Array | string): (Uint8Array | string)[] => (piece.length === 0 ? [] : [piece])
