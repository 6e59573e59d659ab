import { ClickHouseStoreError } from '../errors.ts'
import { NativeReader } from './native-reader.ts'

/** Text of a column whose values repeat: `words[indexes[row]]`. */
export interface WordColumn {
  readonly words: readonly string[]
  readonly indexes: Uint32Array
}

/** The types that are read, with what a column of each becomes. */
export interface NativeColumns {
  UInt8: Uint8Array
  UInt32: Uint32Array
  Int64: BigInt64Array
  UInt64: BigUint64Array
  Float32: Float32Array
  Float64: Float64Array
  'LowCardinality(String)': WordColumn
}
type ReadableType = keyof NativeColumns

/** The columns that a question asks for, each with its type. */
export type ReadSchema = Readonly<Record<string, ReadableType>>
export type ReadColumns<S extends ReadSchema> = { readonly [K in keyof S]: NativeColumns[S[K]] }

const ARRAYS = {
  UInt8: Uint8Array,
  UInt32: Uint32Array,
  Int64: BigInt64Array,
  UInt64: BigUint64Array,
  Float32: Float32Array,
  Float64: Float64Array,
} as const

/**
 * Blocks of ClickHouse's Native format as flat columns: numbers as they lie there, words as indexes. Nothing is made for a row.
 * @throws {ClickHouseStoreError} `unreadable`, if a column is not of the type that the schema says
 */
export function readNative<S extends ReadSchema>(bytes: Uint8Array, schema: S): { rows: number; columns: ReadColumns<S> } {
  const blocks = readBlocks(bytes, schema)
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0)
  const columns = Object.entries(schema).map(([name, type]) => {
    const parts = blocks.map((block) => block.columns.get(name))
    return [
      name,
      type === 'LowCardinality(String)' ? joinWords(parts as WordColumn[], rows) : joinNumbers(parts as Uint8Array[], type, rows),
    ]
  })
  return { rows, columns: Object.fromEntries(columns) as ReadColumns<S> }
}

interface Block {
  readonly rows: number
  readonly columns: ReadonlyMap<string, NativeColumns[ReadableType]>
}

function readBlocks(bytes: Uint8Array, schema: ReadSchema): Block[] {
  const reader = new NativeReader(bytes)
  const blocks: Block[] = []
  while (!reader.isAtEnd) {
    const count = reader.varint()
    const rows = reader.varint()
    const columns = new Map<string, NativeColumns[ReadableType]>()
    for (let i = 0; i < count; i++) {
      const name = reader.text()
      const type = reader.text()
      if (schema[name] !== type)
        throw new ClickHouseStoreError(
          'unreadable',
          `The column ${name} is ${type}, and ${schema[name] ?? 'no such column'} was asked for.`,
        )
      columns.set(name, rows === 0 ? emptyColumn(type) : readColumn(reader, type, rows))
    }
    blocks.push({ rows, columns })
  }
  return blocks
}

const emptyColumn = (type: ReadableType) =>
  type === 'LowCardinality(String)' ? { words: [], indexes: new Uint32Array() } : new ARRAYS[type]()

function readColumn(reader: NativeReader, type: ReadableType, rows: number): NativeColumns[ReadableType] {
  if (type === 'LowCardinality(String)') return readWords(reader, rows)
  const make = ARRAYS[type]
  // A copy is aligned, as typed arrays must be.
  return new make(reader.bytes(rows * make.BYTES_PER_ELEMENT).slice().buffer)
}

const INDEX_BYTES = [1, 2, 4] as const
const HAS_OWN_WORDS = 1n << 9n

/** Version, width of the indexes and flags, the block's words, then an index a row. */
function readWords(reader: NativeReader, rows: number): WordColumn {
  const version = reader.uint64()
  const flags = reader.uint64()
  const width = INDEX_BYTES[Number(flags & 0xffn)]
  if (version !== 1n || width === undefined || (flags & HAS_OWN_WORDS) === 0n)
    throw new ClickHouseStoreError('unreadable', `This form of LowCardinality (version ${version}, flags ${flags}) is not read.`)
  const words = Array.from({ length: Number(reader.uint64()) }, () => reader.text())
  if (Number(reader.uint64()) !== rows) throw new ClickHouseStoreError('unreadable', 'A column has more or fewer rows than its block.')
  const raw = reader.bytes(rows * width).slice().buffer
  return { words, indexes: width === 4 ? new Uint32Array(raw) : Uint32Array.from(width === 1 ? new Uint8Array(raw) : new Uint16Array(raw)) }
}

function joinNumbers(parts: readonly Uint8Array[], type: Exclude<ReadableType, 'LowCardinality(String)'>, rows: number) {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const joined = new ARRAYS[type](rows) as Uint8Array
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** Each block has words of its own: the same word gets one index. */
function joinWords(parts: readonly WordColumn[], rows: number): WordColumn {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const numbers = new Map<string, number>()
  const indexes = new Uint32Array(rows)
  let at = 0
  for (const part of parts) {
    const renumbered = Uint32Array.from(part.words, (word) => {
      const number = numbers.get(word) ?? numbers.size
      numbers.set(word, number)
      return number
    })
    for (const index of part.indexes) indexes[at++] = renumbered[index] ?? 0
  }
  return { words: [...numbers.keys()], indexes }
}
