import { randomFillSync } from 'node:crypto'

/** Of this process: nobody can choose keys that meet. */
const seeds = randomFillSync(new Uint32Array(3))
const WORDS = 3

/**
 * A table of keys by a fingerprint of 96 bits: two keys that meet are as unlikely as a memory that errs. No key is kept, so a
 * million of them cost the garbage collector nothing. It never grows: its user starts a new one when it holds `capacity`.
 */
export class Fingerprints {
  readonly slots: number
  size = 0
  private readonly words: Uint32Array
  private readonly mask: number
  private a = 0
  private b = 0
  private c = 0

  constructor(capacity: number) {
    this.slots = 2 ** Math.ceil(Math.log2(capacity * 2))
    this.mask = this.slots - 1
    this.words = new Uint32Array(this.slots * WORDS)
  }

  /** Its slot; negative: it isn't there. */
  find(key: string): number {
    this.print(key)
    const slot = this.probe()
    return this.words[slot * WORDS] === 0 ? -1 : slot
  }

  /** Its slot, taken now if it had none. */
  put(key: string): number {
    this.print(key)
    const slot = this.probe()
    if (this.words[slot * WORDS] === 0) {
      this.size += 1
      this.words[slot * WORDS] = this.a
      this.words[slot * WORDS + 1] = this.b
      this.words[slot * WORDS + 2] = this.c
    }
    return slot
  }

  private probe(): number {
    for (let slot = this.b & this.mask; ; slot = (slot + 1) & this.mask) {
      const at = slot * WORDS
      const first = this.words[at]
      if (first === 0 || (first === this.a && this.words[at + 1] === this.b && this.words[at + 2] === this.c)) return slot
    }
  }

  private print(key: string): void {
    let a = seeds[0] ?? 0
    let b = seeds[1] ?? 0
    let c = seeds[2] ?? 0
    for (let i = 0; i < key.length; i++) {
      const code = key.charCodeAt(i)
      a = Math.imul(a ^ code, 0x9e3779b1)
      b = Math.imul(b ^ code, 0x85ebca6b) ^ (a >>> 15)
      c = Math.imul(c ^ code, 0xc2b2ae35) ^ (b >>> 13)
    }
    // Zero means that a slot is free.
    this.a = mix(a ^ (c >>> 16)) || 1
    this.b = mix(b ^ a)
    this.c = mix(c ^ b)
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
