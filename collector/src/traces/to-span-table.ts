import type { TraceColumns, TraceSums, WordColumn } from '@cairn/clickhouse'
import { makeSpanColumns, type OpenSpan, SPAN_FLAGS, SPAN_KINDS, type SpanColumns, type SpanTable } from '@cairn/sdk/protocol'
import { RowOfSpan } from './row-of-span.ts'
import { toNanoseconds } from './to-nanoseconds.ts'
import { WordList } from './word-list.ts'

interface Stored {
  readonly traceId: string
  readonly rows: number
  readonly columns: TraceColumns
  readonly sums: TraceSums
  /** Begun and not ended. */
  readonly open: readonly OpenSpan[]
  /** Not all rows were read. */
  readonly truncated: boolean
}

const NUMBER_FIELDS = ['execution', 'cost', 'ttft'] as const
const WORD_FIELDS = ['name', 'step', 'agent', 'model', 'tool', 'errorType', 'run', 'kind'] as const

/** Stored spans, and those that go on, as the table that pages draw: in order of their start, parents by their rows. */
export function toSpanTable({ traceId, rows: stored, columns, sums, open, truncated }: Stored): SpanTable {
  const begun = open.map((span) => ({ span, start: toNanoseconds(span.startTime) })).sort((a, b) => Number(a.start - b.start))
  const firstStart = columns.start[0] ?? begun[0]?.start ?? 0n
  const origin = begun[0] !== undefined && begun[0].start < firstStart ? begun[0].start : firstStart
  const rows = stored + begun.length
  const result = makeSpanColumns(rows)
  const words = new WordList()
  const numbers = new Map(WORD_FIELDS.map((field) => [field, renumber(words, columns[field])]))
  const parents = new BigUint64Array(rows)
  let next = 0
  for (let row = 0; row < rows; row++) {
    const from = row - next
    const opened = begun[next]
    if (opened !== undefined && (from >= stored || opened.start < (columns.start[from] ?? 0n))) {
      writeOpen(result, { row, span: opened.span, start: Number(opened.start - origin), words })
      parents[row] = opened.span.parentSpanId === null ? 0n : BigInt(`0x${opened.span.parentSpanId}`)
      next += 1
      continue
    }
    parents[row] = columns.parent[from] ?? 0n
    result.id[row] = columns.id[from] ?? 0n
    result.start[row] = Number((columns.start[from] ?? 0n) - origin)
    result.duration[row] = Math.max(0, Number(columns.duration[from] ?? 0n))
    result.tokens[row] = Number(columns.tokens[from] ?? 0n)
    result.flags[row] = flagsOf(columns, from)
    for (const field of NUMBER_FIELDS) result[field][row] = columns[field][from] as never
    for (const field of WORD_FIELDS) result[field][row] = numbers.get(field)?.[columns[field].indexes[from] ?? 0] ?? 0
  }
  linkParents(result, parents)
  const meta = { traceId, origin: String(origin), rows, truncated, usage: sums.usage, cost: sums.cost }
  return { meta, rows, words: words.words, columns: result }
}

const renumber = (words: WordList, column: WordColumn): Uint32Array => Uint32Array.from(column.words, (word) => words.numberOf(word))

/** Numbers of statuses' words would differ from answer to answer: their flags don't. */
function flagsOf(columns: TraceColumns, row: number): number {
  const status = columns.status.words[columns.status.indexes[row] ?? 0]
  return (
    (status === 'error' ? SPAN_FLAGS.error : status === 'ok' ? SPAN_FLAGS.ok : 0) |
    (columns.interrupted[row] === 1 ? SPAN_FLAGS.interrupted : 0) |
    (columns.billable[row] === 1 ? SPAN_FLAGS.billable : 0) |
    (columns.priced[row] === 1 ? SPAN_FLAGS.priced : 0)
  )
}

interface Opened {
  readonly row: number
  readonly span: OpenSpan
  readonly start: number
  readonly words: WordList
}

/** Of a span that goes on there is what its worker announced. */
function writeOpen(result: SpanColumns, { row, span, start, words }: Opened): void {
  const text = (name: string) => words.numberOf(String(span.attributes[name] ?? ''))
  result.id[row] = BigInt(`0x${span.spanId}`)
  result.start[row] = start
  result.flags[row] = SPAN_FLAGS.open | SPAN_FLAGS.priced
  result.execution[row] = span.execution
  result.ttft[row] = Number.NaN
  result.name[row] = words.numberOf(span.name)
  result.kind[row] = words.numberOf(SPAN_KINDS.find((kind) => kind === span.attributes['cairn.kind']) ?? 'other')
  result.run[row] = words.numberOf(span.runId)
  result.step[row] = text('cairn.step.key')
  result.agent[row] = text('cairn.agent')
  result.model[row] = text('gen_ai.request.model')
  result.tool[row] = text('gen_ai.tool.name')
  result.errorType[row] = words.numberOf('')
}

function linkParents({ id, parent }: SpanColumns, parents: BigUint64Array): void {
  const rowOf = new RowOfSpan(id)
  for (const [row, spanId] of parents.entries()) parent[row] = spanId === 0n || spanId === id[row] ? -1 : rowOf.find(spanId)
}
