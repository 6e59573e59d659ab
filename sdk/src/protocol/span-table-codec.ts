import {
  type AnyArray,
  makeSpanColumns,
  SPAN_ARRAYS,
  SPAN_FIELDS,
  type SpanFieldKind,
  type SpanTable,
  type SpanTableMeta,
  sliceSpanColumns,
} from './span-table.ts'

/** Media type of the frames. */
export const SPAN_TABLE_TYPE = 'application/vnd.cairn.spans'

/*
 * A frame, all of it little-endian: length of the header and of the data as 32-bit numbers, the header as JSON, then the columns that
 * the header names, each filled up to a multiple of 8 bytes. What a reader doesn't know it leaves out. The first frame has `meta`.
 */
interface FrameHeader {
  readonly rows: number
  /** Name, and the type on the wire: words are as wide as their number needs. */
  readonly columns: readonly (readonly [name: string, type: WireType])[]
  /** Those that frames before did not have. */
  readonly words: readonly string[]
  readonly meta?: SpanTableMeta
}
type WireType = SpanFieldKind | 'w8' | 'w16' | 'w32'

/** The first rows come alone, so that there is something to draw before all of it is here. */
const FIRST_ROWS = 1_000
const FRAME_ROWS = 25_000

const padded = (length: number) => Math.ceil(length / 8) * 8

/** The table as frames, to be sent one after the other. */
export function* encodeSpanTable(table: SpanTable, { firstRows = FIRST_ROWS, frameRows = FRAME_ROWS } = {}): Generator<Uint8Array> {
  let sentWords = 0
  let from = 0
  do {
    const to = Math.min(table.rows, from + (from === 0 ? firstRows : frameRows))
    const words = newWords(table, { from, to, sent: sentWords })
    sentWords += words.length
    yield encodeFrame(table, { from, to, words, knownWords: sentWords })
    from = to
  } while (from < table.rows)
}

/** Those up to the highest that the rows use: numbered by their first use, they are the ones that they need. */
function newWords(table: SpanTable, { from, to, sent }: { from: number; to: number; sent: number }): readonly string[] {
  let highest = sent - 1
  for (const [field, kind] of SPAN_FIELDS) {
    if (kind !== 'word') continue
    const column = table.columns[field] as Uint32Array
    for (let row = from; row < to; row++) highest = Math.max(highest, column[row] ?? 0)
  }
  return table.words.slice(sent, highest + 1)
}

interface Part {
  readonly from: number
  readonly to: number
  readonly words: readonly string[]
  readonly knownWords: number
}

function encodeFrame(table: SpanTable, { from, to, words, knownWords }: Part): Uint8Array {
  const word = knownWords <= 0x100 ? 'w8' : knownWords <= 0x1_0000 ? 'w16' : 'w32'
  const narrow = { w8: Uint8Array, w16: Uint16Array, w32: Uint32Array }[word]
  const columns = SPAN_FIELDS.map(([field, kind]) => {
    const part = (table.columns[field] as AnyArray).subarray(from, to)
    return kind === 'word' ? ([field, word, narrow.from(part)] as const) : ([field, kind, part] as const)
  })
  const header: FrameHeader = {
    rows: to - from,
    columns: columns.map(([field, type]) => [field, type]),
    words,
    ...(from === 0 ? { meta: table.meta } : {}),
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const headerBytes = padded(8 + text.length) - 8
  const dataBytes = columns.reduce((sum, [, , values]) => sum + padded(values.byteLength), 0)
  const frame = new Uint8Array(8 + headerBytes + dataBytes)
  const view = new DataView(frame.buffer)
  view.setUint32(0, headerBytes, true)
  view.setUint32(4, dataBytes, true)
  // JSON may be followed by spaces.
  frame.fill(0x20, 8, 8 + headerBytes)
  frame.set(text, 8)
  let at = 8 + headerBytes
  for (const [, , values] of columns) {
    frame.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at)
    at += padded(values.byteLength)
  }
  return frame
}

/** Puts a table together from frames, however they are cut on their way. */
export class SpanTableReader {
  #pending: Uint8Array = new Uint8Array(0)
  #meta: SpanTableMeta | undefined
  #columns = makeSpanColumns(0)
  #rows = 0
  readonly #words: string[] = []

  /** Takes bytes as they come. Returns whether the table has more rows than before. */
  push(bytes: Uint8Array): boolean {
    // Plain: the slice() of Node's Buffer would be a view of something larger.
    const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#pending = this.#pending.length === 0 ? plain : join(this.#pending, plain)
    let grew = false
    for (;;) {
      const pending = this.#pending
      if (pending.length < 8) return grew
      const view = new DataView(pending.buffer, pending.byteOffset, pending.byteLength)
      const headerBytes = view.getUint32(0, true)
      const length = 8 + headerBytes + view.getUint32(4, true)
      if (pending.length < length) return grew
      this.#addFrame(pending.subarray(8, 8 + headerBytes), pending.subarray(8 + headerBytes, length))
      this.#pending = pending.subarray(length)
      grew = true
    }
  }

  /** What has come so far; undefined before the first frame. Its columns are views of what goes on growing. */
  get table(): SpanTable | undefined {
    if (this.#meta === undefined) return undefined
    return { meta: this.#meta, rows: this.#rows, words: this.#words, columns: sliceSpanColumns(this.#columns, 0, this.#rows) }
  }

  /** Whether all rows that the first frame promised have come, and nothing is left over. */
  get isComplete(): boolean {
    return this.#meta !== undefined && this.#rows === this.#meta.rows && this.#pending.length === 0
  }

  #addFrame(headerText: Uint8Array, data: Uint8Array): void {
    const header = JSON.parse(new TextDecoder().decode(headerText)) as FrameHeader
    if (header.meta !== undefined) {
      this.#meta = header.meta
      this.#columns = makeSpanColumns(header.meta.rows)
    }
    this.#words.push(...header.words)
    const known = new Map(SPAN_FIELDS)
    let at = 0
    for (const [name, type] of header.columns) {
      const source = readColumn(data, { at, type, rows: header.rows })
      const field = name as (typeof SPAN_FIELDS)[number][0]
      if (known.has(field)) (this.#columns[field] as AnyArray).set(source, this.#rows)
      at += padded(source.byteLength)
    }
    this.#rows += header.rows
  }
}

const WIRE_ARRAYS = { ...SPAN_ARRAYS, w8: Uint8Array, w16: Uint16Array, w32: Uint32Array } as const

function readColumn(data: Uint8Array, { at, type, rows }: { at: number; type: WireType; rows: number }): AnyArray {
  const make = WIRE_ARRAYS[type]
  const bytes = data.slice(at, at + rows * make.BYTES_PER_ELEMENT)
  return new make(bytes.buffer) as AnyArray
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length)
  joined.set(a)
  joined.set(b, a.length)
  return joined
}
