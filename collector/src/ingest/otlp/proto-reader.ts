import { IngestError } from '../errors.ts'
import { KeyCache } from './key-cache.ts'

/** Of a length-delimited field: where it lies, so that nothing is copied before it is wanted. */
const WIRE_VARINT = 0
const WIRE_FIXED64 = 1
const WIRE_BYTES = 2
const WIRE_FIXED32 = 5
const SHORT_TEXT = 24
/** Of a request, attributes and their values counted: each becomes an object, a hundred times as large as the two bytes that it may have. */
export const MOST_MESSAGES = 1_000_000

const keys = new KeyCache()

/** Reads protobuf's wire format from one buffer, within `end`. Whatever doesn't fit is `malformed`. */
export class ProtoReader {
  pos = 0
  end: number
  low = 0
  private messages = 0
  private readonly buffer: Buffer

  constructor(buffer: Buffer) {
    this.buffer = buffer
    this.end = buffer.length
  }

  get more(): boolean {
    return this.pos < this.end
  }

  /** Narrows the reader to the message that follows. Gives the end to restore by `leave`. */
  enter(): number {
    this.messages += 1
    if (this.messages > MOST_MESSAGES) throw tooMany()
    const length = this.length()
    const outer = this.end
    this.end = this.pos + length
    return outer
  }

  leave(outer: number): void {
    this.pos = this.end
    this.end = outer
  }

  /** A tag, a length, an enum: unsigned, at most 2^53. */
  varint(): number {
    let byte = this.byte()
    if (byte < 0x80) return byte
    let value = byte & 0x7f
    let scale = 0x80
    for (let i = 1; i < 10; i++) {
      byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 0x80
    }
    throw malformed('a number is longer than ten bytes')
  }

  /** A signed 64-bit integer, exact. */
  int64(): number | bigint {
    const start = this.pos
    const value = this.varint()
    if (value <= Number.MAX_SAFE_INTEGER) return value
    let exact = 0n
    for (let i = start, shift = 0n; i < this.pos; i++, shift += 7n) exact |= BigInt((this.buffer[i] ?? 0) & 0x7f) << shift
    const signed = BigInt.asIntN(64, exact)
    return signed >= BigInt(Number.MIN_SAFE_INTEGER) && signed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(signed) : signed
  }

  uint32(): number {
    return this.varint() >>> 0
  }

  fixed64(): bigint {
    const at = this.take(8)
    return (BigInt(this.buffer.readUInt32LE(at + 4)) << 32n) | BigInt(this.buffer.readUInt32LE(at))
  }

  /** Upper half of a 64-bit number; the lower one stands in `low` then. */
  fixed64High(): number {
    const at = this.take(8)
    this.low = this.buffer.readUInt32LE(at)
    return this.buffer.readUInt32LE(at + 4)
  }

  /** Whether the field has so many bytes, not all zero. */
  isId(bytes: number): boolean {
    const length = this.length()
    const start = this.pos
    this.pos += length
    if (length !== bytes) return false
    for (let i = start; i < this.pos; i++) if (this.buffer[i] !== 0) return true
    return false
  }

  fixed32(): number {
    return this.buffer.readUInt32LE(this.take(4))
  }

  double(): number {
    return this.buffer.readDoubleLE(this.take(8))
  }

  string(): string {
    const length = this.length()
    const start = this.pos
    this.pos += length
    if (length <= SHORT_TEXT) {
      const text = readAscii(this.buffer, start, this.pos)
      if (text !== undefined) return text
    }
    return this.buffer.toString('utf8', start, this.pos)
  }

  /** An attribute's key: the same few hundred come again and again. */
  key(): string {
    const length = this.length()
    const start = this.pos
    this.pos += length
    return keys.get(this.buffer, start, this.pos)
  }

  hex(): string {
    const length = this.length()
    const start = this.pos
    this.pos += length
    return this.buffer.toString('hex', start, this.pos)
  }

  /** A copy: the buffer is a request's and isn't kept. */
  bytes(): Uint8Array {
    const length = this.length()
    const start = this.pos
    this.pos += length
    return new Uint8Array(this.buffer.subarray(start, this.pos))
  }

  skip(tag: number): void {
    switch (tag & 7) {
      case WIRE_VARINT:
        this.varint()
        return
      case WIRE_FIXED64:
        this.take(8)
        return
      case WIRE_BYTES:
        this.take(this.length())
        return
      case WIRE_FIXED32:
        this.take(4)
        return
      default:
        throw malformed(`wire type ${tag & 7} is not of protobuf 3`)
    }
  }

  private length(): number {
    const length = this.varint()
    if (this.pos + length > this.end) throw malformed('a field is longer than its message')
    return length
  }

  private byte(): number {
    if (this.pos >= this.end) throw malformed('it ends in the middle of a field')
    return this.buffer[this.pos++] ?? 0
  }

  private take(bytes: number): number {
    const at = this.pos
    if (at + bytes > this.end) throw malformed('it ends in the middle of a field')
    this.pos = at + bytes
    return at
  }
}

function readAscii(buffer: Buffer, start: number, end: number): string | undefined {
  let text = ''
  for (let i = start; i < end; i++) {
    const byte = buffer[i] ?? 0
    if (byte > 0x7f) return undefined
    text += String.fromCharCode(byte)
  }
  return text
}

/** Of whatever encoding. */
export const tooMany = (): IngestError =>
  new IngestError(
    'too_large',
    `A request may hold at most ${MOST_MESSAGES.toLocaleString('en')} spans, attributes and values together. Send it in parts.`,
  )

function malformed(why: string): IngestError {
  return new IngestError('malformed', `The body isn't a protobuf message of OTLP: ${why}.`)
}
