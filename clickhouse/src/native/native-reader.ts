import { ClickHouseStoreError } from '../errors.ts'

const DECODER = new TextDecoder()

/** Reads what ClickHouse's Native format is made of, from front to back. */
export class NativeReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    // A Buffer's slice() would be a view.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  varint(): number {
    let value = 0
    let factor = 1
    for (;;) {
      const byte = this.bytes(1)[0] ?? 0
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
      factor *= 0x80
    }
  }

  uint64(): bigint {
    const at = this.#take(8)
    return this.#view.getBigUint64(at, true)
  }

  /** UTF-8 after its length. */
  text(): string {
    return DECODER.decode(this.bytes(this.varint()))
  }

  /** A view, not a copy. */
  bytes(length: number): Uint8Array {
    const at = this.#take(length)
    return this.#bytes.subarray(at, at + length)
  }

  #take(length: number): number {
    const at = this.#at
    if (at + length > this.#bytes.length)
      throw new ClickHouseStoreError('unreadable', 'The answer of ClickHouse ends in the middle of a block.')
    this.#at += length
    return at
  }
}
