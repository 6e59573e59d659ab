const FIRST_BYTES = 4_096
/** Shorter text fits, whatever its characters, into a length of one byte. */
const SHORT_CHARS = 42

/** A buffer that grows as it is written. */
export class ByteWriter {
  private buffer = Buffer.allocUnsafe(FIRST_BYTES)
  private at = 0

  /** What was written, until the next write. */
  get bytes(): Buffer {
    return this.buffer.subarray(0, this.at)
  }

  clear(): void {
    this.at = 0
  }

  byte(value: number): void {
    this.reserve(1)
    this.buffer[this.at++] = value
  }

  varint(value: number): void {
    this.reserve(10)
    let rest = value
    while (rest >= 0x80) {
      this.buffer[this.at++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.buffer[this.at++] = rest
  }

  uint32(value: number): void {
    this.reserve(4)
    this.at = this.buffer.writeUInt32LE(value, this.at)
  }

  /** A whole number up to 2^53. */
  uint64(value: number): void {
    this.reserve(8)
    this.at = this.buffer.writeUInt32LE(value % 0x1_0000_0000, this.at)
    this.at = this.buffer.writeUInt32LE(Math.floor(value / 0x1_0000_0000), this.at)
  }

  int64(value: bigint): void {
    this.reserve(8)
    this.at = this.buffer.writeBigInt64LE(value, this.at)
  }

  float64(value: number): void {
    this.reserve(8)
    this.at = this.buffer.writeDoubleLE(value, this.at)
  }

  /** UTF-8 after its length. */
  text(value: string): void {
    if (value.length === 0) {
      this.byte(0)
      return
    }
    if (value.length <= SHORT_CHARS) {
      this.reserve(SHORT_CHARS * 3 + 1)
      const length = this.buffer.write(value, this.at + 1)
      this.buffer[this.at] = length
      this.at += length + 1
      return
    }
    const length = Buffer.byteLength(value)
    this.varint(length)
    this.reserve(length)
    this.at += this.buffer.write(value, this.at)
  }

  /** So many bytes of text, filled up with zeros. */
  fixedText(value: string, length: number): void {
    this.reserve(length)
    const written = this.buffer.write(value, this.at, length, 'latin1')
    this.buffer.fill(0, this.at + written, this.at + length)
    this.at += length
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length)
    this.buffer.set(bytes, this.at)
    this.at += bytes.length
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + bytes))
    this.buffer.copy(grown, 0, 0, this.at)
    this.buffer = grown
  }
}
