/** Finds the row of a span by its id. Open addressing over the ids' halves: a Map of a hundred thousand bigints takes ten times as long. */
export class RowOfSpan {
  readonly #ids: Uint32Array
  /** Row + 1; 0: nothing lies here. */
  readonly #slots: Int32Array
  readonly #probe = new BigUint64Array(1)
  readonly #probeHalves = new Uint32Array(this.#probe.buffer)

  constructor(ids: BigUint64Array) {
    this.#ids = new Uint32Array(ids.buffer, ids.byteOffset, ids.length * 2)
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(2, ids.length * 2))))
    for (let row = 0; row < ids.length; row++) {
      const slot = this.#slotOf(this.#ids[row * 2] ?? 0, this.#ids[row * 2 + 1] ?? 0)
      if (this.#slots[slot] === 0) this.#slots[slot] = row + 1
    }
  }

  /** -1: there is no such span. Of several of one id, the first. */
  find(spanId: bigint): number {
    this.#probe[0] = spanId
    return (this.#slots[this.#slotOf(this.#probeHalves[0] ?? 0, this.#probeHalves[1] ?? 0)] ?? 0) - 1
  }

  /** Where the id lies, or the free slot where it would. */
  #slotOf(low: number, high: number): number {
    const mask = this.#slots.length - 1
    let slot = Math.imul(low ^ Math.imul(high, 0x9e37_79b1), 0x85eb_ca6b) >>> 0
    for (slot = (slot ^ (slot >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const row = (this.#slots[slot] ?? 0) - 1
      if (row < 0 || (this.#ids[row * 2] === low && this.#ids[row * 2 + 1] === high)) return slot
    }
  }
}
