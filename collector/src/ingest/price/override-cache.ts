import { listPriceOverrides, type Queryable } from '@cairn/prisma'
import { PriceOverrides } from './overrides.ts'

/** Re-pricing waits for longer before it begins: what is written from then on has the new price. */
export const KEEP_PRICES_MS = 5_000

interface Entry {
  readonly overrides: PriceOverrides
  readonly expiresAtMs: number
}

/** Prices of projects, read again after some seconds: a new price counts from then on. */
export class OverrideCache {
  private readonly database: Queryable
  private readonly entries = new Map<string, Entry>()

  constructor(database: Queryable) {
    this.database = database
  }

  async get(projectId: string): Promise<PriceOverrides> {
    const entry = this.entries.get(projectId)
    if (entry !== undefined && entry.expiresAtMs > Date.now()) return entry.overrides
    try {
      const overrides = new PriceOverrides(await listPriceOverrides(this.database, { projectId }))
      this.entries.set(projectId, { overrides, expiresAtMs: Date.now() + KEEP_PRICES_MS })
      return overrides
    } catch (error) {
      // Postgres away: spans must not wait for it where its prices are known, if a little old.
      if (entry !== undefined) return entry.overrides
      throw error
    }
  }
}
