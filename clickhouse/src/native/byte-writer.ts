const FIRST_BYTES = 4_096
/** Shorter text fits, whatever its characters, into a length of one byte. */
const SHORT_CHARS = 42

/** A buffer that grows as it is written. */
export class ByteWriter {
  private buffer = Buffer.allocUnsafe(FIRST_BYTES)
  // Its setters are compiled into the code around them; Buffer's check their arguments first.
  private view = viewOf(this.buffer)
  private at = 0
  private lastText = ''
  private lastFrom = 0

  /** What was written, until the next write. */
  get bytes(): Buffer {
    return this.buffer.subarray(0, this.at)
  }

  clear(): void {
    this.at = 0
    this.lastText = ''
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
    this.view.setUint32(this.at, value, true)
    this.at += 4
  }

  /** A whole number up to 2^53: its lower half is what the setter takes of it. */
  uint64(value: number): void {
    this.reserve(8)
    this.view.setUint32(this.at, value, true)
    this.view.setUint32(this.at + 4, value / 0x1_0000_0000, true)
    this.at += 8
  }

  int64(value: bigint): void {
    this.reserve(8)
    this.view.setBigInt64(this.at, value, true)
    this.at += 8
  }

  float64(value: number): void {
    this.reserve(8)
    this.view.setFloat64(this.at, value, true)
    this.at += 8
  }

  /** UTF-8 after its length. */
  text(value: string): void {
    if (value.length === 0) {
      this.byte(0)
      return
    }
    if (value.length <= SHORT_CHARS) {
      this.reserve(SHORT_CHARS * 3 + 1)
      // Most columns have few values, and the same one for a while.
      if (value === this.lastText) this.repeatLast()
      else this.shortText(value)
      return
    }
    const length = Buffer.byteLength(value)
    this.varint(length)
    this.reserve(length)
    this.at += this.buffer.write(value, this.at)
  }

  private shortText(value: string): void {
    const length = this.buffer.write(value, this.at + 1)
    this.buffer[this.at] = length
    this.lastText = value
    this.lastFrom = this.at
    this.at += length + 1
  }

  private repeatLast(): void {
    const { buffer, lastFrom } = this
    const end = lastFrom + 1 + (buffer[lastFrom] ?? 0)
    for (let from = lastFrom; from < end; from++) buffer[this.at++] = buffer[from] ?? 0
  }

  /** So many bytes of text, filled up with zeros. */
  fixedText(value: string, length: number): void {
    this.reserve(length)
    // ASCII: as UTF-8 it is the same, and written faster.
    const written = this.buffer.write(value, this.at, length)
    if (written < length) this.buffer.fill(0, this.at + written, this.at + length)
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
    this.view = viewOf(grown)
  }
}

const viewOf = ({ buffer, byteOffset, byteLength }: Buffer): DataView => new DataView(buffer, byteOffset, byteLength)
