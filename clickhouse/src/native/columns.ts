import { ByteWriter } from './byte-writer.ts'

/** A column of a block: values go in one by one, and come out together. */
interface Column<V> {
  readonly type: string
  push(value: V): void
  /** In the order in which the format wants them. */
  readonly parts: readonly Buffer[]
  clear(): void
}

/** The types of columns that are inserted, with what stands for a value of each in a row. The engine casts to LowCardinality itself. */
export interface NativeValues {
  String: string
  /** Hexadecimal or other ASCII text. */
  'FixedString(16)': string
  'FixedString(32)': string
  UUID: string
  UInt8: number
  UInt32: number
  /** Whole, at most 2^53. */
  UInt64: number
  'Nullable(Float64)': number | null
  /** Unix nanoseconds. */
  'DateTime64(9)': bigint
  /** Decimal text with at most 12 decimals. */
  'Decimal(18, 12)': string
  'Array(String)': readonly string[]
  'Array(FixedString(32))': readonly string[]
  'Map(String, Decimal(18, 12))': Readonly<Record<string, string>>
}
export type NativeType = keyof NativeValues

const DECIMALS = 12
const ONE = 10 ** DECIMALS

/** One buffer, one way to write a value. */
function simple<V>(type: string, write: (bytes: ByteWriter, value: V) => void): Column<V> {
  const bytes = new ByteWriter()
  return {
    type,
    push: (value) => write(bytes, value),
    get parts() {
      return [bytes.bytes]
    },
    clear: () => bytes.clear(),
  }
}

/** Offsets of the ends of the lists, then all their items. */
function list<V>(type: string, items: Column<V>): Column<readonly V[]> {
  const offsets = new ByteWriter()
  let end = 0
  return {
    type,
    push: (values) => {
      for (const value of values) items.push(value)
      end += values.length
      offsets.uint64(end)
    },
    get parts() {
      return [offsets.bytes, ...items.parts]
    },
    clear: () => {
      end = 0
      offsets.clear()
      items.clear()
    },
  }
}

function map<V>(type: string, keys: Column<string>, values: Column<V>): Column<Readonly<Record<string, V>>> {
  const offsets = new ByteWriter()
  let end = 0
  return {
    type,
    push: (entries) => {
      for (const key in entries) {
        keys.push(key)
        values.push(entries[key] as V)
        end += 1
      }
      offsets.uint64(end)
    },
    get parts() {
      return [offsets.bytes, ...keys.parts, ...values.parts]
    },
    clear: () => {
      end = 0
      offsets.clear()
      keys.clear()
      values.clear()
    },
  }
}

function nullableFloat(): Column<number | null> {
  const nulls = new ByteWriter()
  const values = new ByteWriter()
  return {
    type: 'Nullable(Float64)',
    push: (value) => {
      nulls.byte(value === null ? 1 : 0)
      values.float64(value ?? 0)
    },
    get parts() {
      return [nulls.bytes, values.bytes]
    },
    clear: () => {
      nulls.clear()
      values.clear()
    },
  }
}

/** Two little-endian halves of 64 bits. Few projects: each is converted once. */
function uuid(): Column<string> {
  const known = new Map<string, Buffer>()
  return simple('UUID', (bytes, value) => {
    let converted = known.get(value)
    if (converted === undefined) {
      const hex = Buffer.from(value.replaceAll('-', ''), 'hex')
      converted = Buffer.concat([hex.subarray(0, 8).reverse(), hex.subarray(8).reverse()])
      if (known.size > 1_000) known.clear()
      known.set(value, converted)
    }
    bytes.raw(converted)
  })
}

function writeDecimal(bytes: ByteWriter, text: string): void {
  if (text === '0') {
    bytes.uint64(0)
    return
  }
  const dot = text.indexOf('.')
  const whole = dot < 0 ? text : text.slice(0, dot)
  const fraction = dot < 0 ? '' : text.slice(dot + 1)
  const scaled = Number(whole) * ONE + Number(fraction.padEnd(DECIMALS, '0'))
  if (Number.isSafeInteger(scaled) && scaled >= 0) bytes.uint64(scaled)
  else bytes.int64(BigInt(whole + fraction.padEnd(DECIMALS, '0')))
}

const text = () => simple<string>('String', (bytes, value) => bytes.text(value))
const fixed = (length: number) => simple<string>(`FixedString(${length})`, (bytes, value) => bytes.fixedText(value, length))
const decimal = () => simple<string>('Decimal(18, 12)', writeDecimal)

const MAKERS: { readonly [T in NativeType]: () => Column<NativeValues[T]> } = {
  String: text,
  'FixedString(16)': () => fixed(16),
  'FixedString(32)': () => fixed(32),
  UUID: uuid,
  UInt8: () => simple('UInt8', (bytes, value) => bytes.byte(value)),
  UInt32: () => simple('UInt32', (bytes, value) => bytes.uint32(value)),
  UInt64: () => simple('UInt64', (bytes, value) => bytes.uint64(value)),
  'Nullable(Float64)': nullableFloat,
  'DateTime64(9)': () => simple("DateTime64(9, 'UTC')", (bytes, value) => bytes.int64(value)),
  'Decimal(18, 12)': decimal,
  'Array(String)': () => list('Array(String)', text()),
  'Array(FixedString(32))': () => list('Array(FixedString(32))', fixed(32)),
  'Map(String, Decimal(18, 12))': () => map('Map(String, Decimal(18, 12))', text(), decimal()),
}

/** A column of a type, to be filled. */
export const makeColumn = (type: NativeType): Column<unknown> => MAKERS[type]() as Column<unknown>
