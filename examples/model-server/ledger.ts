import type { IncomingMessage } from 'node:http'
import type { Tokens } from './answer.ts'

/** One call as the server saw it: what a bill would be made from. */
export interface LedgerEntry {
  readonly id: number
  readonly path: string
  readonly model: string
  /** The caller's Idempotency-Key, if it sent one. */
  readonly key: string | null
  readonly at: string
  endedAt: string | null
  /** HTTP status; null while it is being answered, or when the caller went away. */
  status: number | null
  tokens: Tokens | null
}

const MOST = 100_000

export class Ledger {
  readonly entries: LedgerEntry[] = []
  #next = 1

  open(request: IncomingMessage, model: string): LedgerEntry {
    const key = request.headers['idempotency-key']
    const entry: LedgerEntry = {
      id: this.#next++,
      path: request.url ?? '',
      model,
      key: typeof key === 'string' ? key : null,
      at: new Date().toISOString(),
      endedAt: null,
      status: null,
      tokens: null,
    }
    this.entries.push(entry)
    if (this.entries.length > MOST) this.entries.shift()
    return entry
  }
}

export function closeEntry(entry: LedgerEntry, status: number, tokens: Tokens | null): void {
  entry.endedAt = new Date().toISOString()
  entry.status = status
  entry.tokens = tokens
}
