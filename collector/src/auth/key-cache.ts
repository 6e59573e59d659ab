import { createHash } from 'node:crypto'

/** What a key lets its bearer do: everything in one project. */
export interface KeyOwner {
  readonly keyId: string
  readonly projectId: string
}

type Lookup = (hash: Buffer) => Promise<KeyOwner | undefined>

interface Entry {
  readonly owner: KeyOwner | undefined
  readonly expiresAtMs: number
}

const KNOWN_MS = 30_000
const UNKNOWN_MS = 5_000
const MAX_ENTRIES = 10_000

/** Keys are checked from memory; a revoked one is refused within 30 s. Wrong keys are remembered shortly, and bounded. */
export class KeyCache {
  readonly #lookup: Lookup
  readonly #now: () => number
  readonly #entries = new Map<string, Entry>()
  readonly #pending = new Map<string, Promise<KeyOwner | undefined>>()

  constructor(lookup: Lookup, now: () => number = Date.now) {
    this.#lookup = lookup
    this.#now = now
  }

  async find(key: string): Promise<KeyOwner | undefined> {
    const hash = createHash('sha256').update(key).digest()
    const id = hash.toString('base64')
    const entry = this.#entries.get(id)
    if (entry !== undefined && entry.expiresAtMs > this.#now()) return entry.owner
    const pending = this.#pending.get(id)
    if (pending !== undefined) return pending
    const found = this.#load(id, hash).finally(() => this.#pending.delete(id))
    this.#pending.set(id, found)
    return found
  }

  async #load(id: string, hash: Buffer): Promise<KeyOwner | undefined> {
    const owner = await this.#lookup(hash)
    if (this.#entries.size >= MAX_ENTRIES) {
      const oldest = this.#entries.keys().next().value
      if (oldest !== undefined) this.#entries.delete(oldest)
    }
    this.#entries.delete(id)
    this.#entries.set(id, { owner, expiresAtMs: this.#now() + (owner === undefined ? UNKNOWN_MS : KNOWN_MS) })
    return owner
  }
}
