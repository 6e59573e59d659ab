/// <reference lib="webworker" />
import { SPAN_FLAGS, type SpanColumns, type SpanTable, SpanTableReader, sliceSpanColumns } from '@cairn/sdk/protocol'
import { countAttempts, criticalPath, type NameStatistics, selfTimes, statisticsByName } from './analysis'
import { partOfRun } from './part-of-run'
import { endsOf, sinceOrigin } from './time-axis'
import { buildTraceIndex, type SiblingPlaces, siblingPlaces, type TraceIndex } from './trace-index'

/**
 * To the worker: the parts of an answer, in this order. The page fetches it, since it may do so before a worker is up. Each carries the number of
 * its reading: one that begins ends the one before.
 */
export type TablePart = { readonly reading: number } & (
  | {
      readonly type: 'begin'
      /** The page has nothing of the trace yet: it is shown as it comes. */
      readonly isFirst: boolean
      readonly etag: string | null
      /** Of the page's clock, in milliseconds since 1970: until then runs what has not ended. */
      readonly nowMs: number
      /** Only what this run did, which another one called; null: all of the trace. */
      readonly runId: string | null
    }
  /** Compressed. */
  | { readonly type: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'end' }
)

/** What the page draws: the table, and the tree over it. */
export interface TraceData {
  readonly table: SpanTable
  readonly index: TraceIndex
}

/** What takes longer, and comes after. */
export interface TraceAnalysis {
  /** Nanoseconds by row. */
  readonly self: Float64Array
  /** 1 by row. */
  readonly critical: Uint8Array
  /** Tries of the same step before this one, by row. */
  readonly triesBefore: Uint16Array
  readonly places: SiblingPlaces
  readonly statistics: readonly NameStatistics[]
}

/** From the worker: ready once, since what is sent before it listens is lost. Then for each reading, in this order: data (more than once while it comes), its end, the analysis; or an error. */
export type TraceMessage = { readonly type: 'ready' } | ({ readonly reading: number } & Told)

export type Told =
  | { readonly type: 'data'; readonly data: TraceData }
  | { readonly type: 'end'; readonly etag: string | null; readonly bytes: number }
  | { readonly type: 'analysis'; readonly analysis: TraceAnalysis }
  | { readonly type: 'error'; readonly message: string }

const scope = self as unknown as DedicatedWorkerGlobalScope
const post = (message: TraceMessage, transfer: Transferable[] = []) => scope.postMessage(message, transfer)

let parts: { reading: number; writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>> } | undefined
scope.addEventListener('message', ({ data: part }: MessageEvent<TablePart>) => {
  const { reading } = part
  if (part.type === 'begin') {
    void parts?.writer.abort().catch(() => {})
    const { readable, writable } = new DecompressionStream('gzip')
    parts = { reading, writer: writable.getWriter() }
    const tell: Tell = (told, transfer) => post({ ...told, reading }, transfer)
    read(readable, part, tell).catch((error: unknown) =>
      tell({ type: 'error', message: error instanceof Error ? error.message : String(error) }),
    )
  } else if (parts?.reading === reading) {
    // Bytes that are no gzip end the reading, which says so.
    void (part.type === 'bytes' ? parts.writer.write(part.bytes) : parts.writer.close()).catch(() => {})
  }
})

type Tell = (told: Told, transfer?: Transferable[]) => void

post({ type: 'ready' })

/** How long rows may lie here before the page has them. */
const SHOW_EVERY_MS = 150

async function read(
  body: ReadableStream<Uint8Array>,
  { isFirst, etag, nowMs, runId }: Extract<TablePart, { type: 'begin' }>,
  tell: Tell,
): Promise<void> {
  const reader = new SpanTableReader()
  const wanted = (table: SpanTable | undefined) => (table === undefined || runId === null ? table : partOfRun(table, runId))
  let shownAt = 0
  let shownRows = 0
  let bytes = 0
  const chunks = body.getReader()
  for (;;) {
    const { done, value: chunk } = await chunks.read()
    if (done) break
    bytes += chunk.length
    if (!reader.push(chunk) || reader.isComplete) continue
    if (shownRows > 0 && performance.now() - shownAt < SHOW_EVERY_MS) continue
    // Of a trace that the page has already, half would only flicker.
    if (isFirst) shownRows = show(wanted(reader.table), tell)
    shownAt = performance.now()
  }
  const table = wanted(reader.table)
  if (table === undefined || !reader.isComplete) return tell({ type: 'error', message: 'The connection ended before all spans had come.' })
  show(table, tell)
  tell({ type: 'end', etag, bytes })
  tell({ type: 'analysis', analysis: analyse(table, nowMs) })
}

/** Posts a copy: the reader goes on filling its own. */
function show(table: SpanTable | undefined, tell: Tell): number {
  if (table === undefined) return 0
  const columns = copyColumns(table.columns)
  const index = buildTraceIndex(columns)
  tell({ type: 'data', data: { table: { ...table, columns }, index } })
  return table.rows
}

/** Views of one buffer would each be sent with the whole of it. */
const copyColumns = (columns: SpanColumns): SpanColumns => {
  const views = sliceSpanColumns(columns, 0, columns.start.length)
  return Object.fromEntries(Object.entries(views).map(([field, view]) => [field, view.slice()])) as unknown as SpanColumns
}

function analyse({ columns, words, meta }: SpanTable, nowMs: number): TraceAnalysis {
  const index = buildTraceIndex(columns)
  const ends = endsOf(columns, SPAN_FLAGS.open, sinceOrigin(meta.origin, nowMs))
  const own = selfTimes(index, columns.start, ends)
  return {
    self: own,
    critical: criticalPath(index, columns.start, ends),
    triesBefore: countAttempts(index, columns),
    places: siblingPlaces(index),
    statistics: statisticsByName({ columns, words, ends, self: own, flags: SPAN_FLAGS }),
  }
}
