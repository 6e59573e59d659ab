import { randomFillSync } from 'node:crypto'

/** Of this process: nobody can choose keys that meet. */
const seeds = randomFillSync(new Uint32Array(3))
const WORDS = 3

/** Of the key that was printed last. */
let a = 0
let b = 0
let c = 0

/** Takes a key's fingerprint, which the tables then look up or put in: once, however many tables are asked. */
export function printKey(key: string): void {
  let x = seeds[0] ?? 0
  let y = seeds[1] ?? 0
  let z = seeds[2] ?? 0
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i)
    x = Math.imul(x ^ code, 0x9e3779b1)
    y = Math.imul(y ^ code, 0x85ebca6b) ^ (x >>> 15)
    z = Math.imul(z ^ code, 0xc2b2ae35) ^ (y >>> 13)
  }
  // Zero means that a slot is free.
  a = mix(x ^ (z >>> 16)) || 1
  b = mix(y ^ a)
  c = mix(z ^ b)
}

/**
 * A table of keys by a fingerprint of 96 bits: two keys that meet are as unlikely as a memory that errs. No key is kept, so a
 * million of them cost the garbage collector nothing. It never grows: its user starts a new one when it holds `capacity`.
 */
export class Fingerprints {
  readonly slots: number
  size = 0
  private readonly words: Uint32Array
  private readonly mask: number

  constructor(capacity: number) {
    this.slots = 2 ** Math.ceil(Math.log2(capacity * 2))
    this.mask = this.slots - 1
    this.words = new Uint32Array(this.slots * WORDS)
  }

  /** The slot of the key that was printed last; negative: it isn't there. */
  find(): number {
    const slot = this.probe()
    return this.words[slot * WORDS] === 0 ? -1 : slot
  }

  /** Its slot, taken now if it had none. */
  put(): number {
    const slot = this.probe()
    const at = slot * WORDS
    if (this.words[at] === 0) {
      this.size += 1
      this.words[at] = a
      this.words[at + 1] = b
      this.words[at + 2] = c
    }
    return slot
  }

  private probe(): number {
    for (let slot = b & this.mask; ; slot = (slot + 1) & this.mask) {
      const at = slot * WORDS
      const first = this.words[at]
      if (first === 0 || (first === a && this.words[at + 1] === b && this.words[at + 2] === c)) return slot
    }
  }
}

function mix(word: number): number {
  const first = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35)
  return (second ^ (second >>> 16)) >>> 0
}

/** A short name for a text, for comparison alone. */
export function shortHash(text: string): number {
  let hash = seeds[0] ?? 0
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x9e3779b1) ^ (hash >>> 15)
  return mix(hash)
}
