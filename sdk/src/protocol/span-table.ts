import type { Cost, Usage } from './usage.ts'

/** Bits of `flags`. */
export const SPAN_FLAGS = { ok: 1, error: 2, interrupted: 4, billable: 8, priced: 16, open: 32 } as const

/** What a span is drawn from, as one array a field. Words are indexes into the table's `words`. */
export interface SpanColumns {
  /** Span ids as 64-bit numbers, first hexadecimal digit first. */
  readonly id: BigUint64Array
  /** Row of the parent; -1 at a root and where the parent never arrived. */
  readonly parent: Int32Array
  /** Nanoseconds since the table's origin. */
  readonly start: Float64Array
  /** Nanoseconds; 0 where the span goes on. */
  readonly duration: Float64Array
  readonly name: Uint32Array
  readonly step: Uint32Array
  readonly agent: Uint32Array
  readonly model: Uint32Array
  readonly tool: Uint32Array
  readonly errorType: Uint32Array
  readonly run: Uint32Array
  readonly kind: Uint32Array
  readonly flags: Uint8Array
  readonly execution: Uint32Array
  readonly tokens: Float64Array
  /** US dollars / 10^12, exactly; 0 where no price is known. */
  readonly cost: BigInt64Array
  /** Milliseconds to the first token; NaN: unknown. */
  readonly ttft: Float32Array
}

export interface SpanTableMeta {
  readonly traceId: string
  /** Unix nanoseconds as decimal text: where `start` counts from. */
  readonly origin: string
  /** Rows that the table has when all of it is there. */
  readonly rows: number
  /** The trace has more spans than are shown. */
  readonly truncated: boolean
  readonly usage: Usage
  readonly cost: Cost
}

/** A trace as flat columns, in order of the spans' start: what the pages of a run of any size are drawn from. */
export interface SpanTable {
  readonly meta: SpanTableMeta
  readonly rows: number
  readonly words: readonly string[]
  readonly columns: SpanColumns
}

type Kind = 'u64' | 'i64' | 'f64' | 'f32' | 'u32' | 'i32' | 'u8' | 'word'

/** The fields in the order of the wire. */
export const SPAN_FIELDS: readonly (readonly [keyof SpanColumns, Kind])[] = [
  ['id', 'u64'],
  ['parent', 'i32'],
  ['start', 'f64'],
  ['duration', 'f64'],
  ['name', 'word'],
  ['step', 'word'],
  ['agent', 'word'],
  ['model', 'word'],
  ['tool', 'word'],
  ['errorType', 'word'],
  ['run', 'word'],
  ['kind', 'word'],
  ['flags', 'u8'],
  ['execution', 'u32'],
  ['tokens', 'f64'],
  ['cost', 'i64'],
  ['ttft', 'f32'],
]

const ARRAYS = {
  u64: BigUint64Array,
  i64: BigInt64Array,
  f64: Float64Array,
  f32: Float32Array,
  u32: Uint32Array,
  i32: Int32Array,
  u8: Uint8Array,
  word: Uint32Array,
} as const

type Columns = { -readonly [K in keyof SpanColumns]: SpanColumns[K] }
type AnyArray = Uint8Array

/** Empty columns of so many rows. */
export function makeSpanColumns(rows: number): SpanColumns {
  return Object.fromEntries(SPAN_FIELDS.map(([field, kind]) => [field, new ARRAYS[kind](rows)])) as unknown as Columns
}

/** Rows [0, rows) of columns, without a copy. */
export function sliceSpanColumns(columns: SpanColumns, from: number, to: number): SpanColumns {
  return Object.fromEntries(SPAN_FIELDS.map(([field]) => [field, columns[field].subarray(from, to)])) as unknown as Columns
}

/** A copy of some rows, in the order in which they are named. */
export function pickSpanColumns(columns: SpanColumns, rows: Int32Array): SpanColumns {
  const picked = makeSpanColumns(rows.length)
  for (const [field] of SPAN_FIELDS) {
    const [from, to] = [columns[field], picked[field]] as [AnyArray, AnyArray]
    for (let at = 0; at < rows.length; at++) to[at] = from[rows[at] ?? 0] ?? 0
  }
  return picked
}

export { type AnyArray, ARRAYS as SPAN_ARRAYS, type Kind as SpanFieldKind }
