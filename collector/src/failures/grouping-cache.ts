import { getFingerprintRules, type Queryable } from '@cairn/prisma'
import { FingerprintRules } from '@cairn/sdk/protocol'
import type { CollectorContext } from '../context.ts'
import { type GroupingRules, USUAL_RULES } from '../ingest/map/error-group.ts'
import { compileRules } from './compile-rules.ts'

const KEEP_MS = 5_000

interface Entry {
  readonly rules: GroupingRules
  readonly expiresAtMs: number
}

/** How projects' fingerprints are made, read again after some seconds: new rules count from then on. */
export class GroupingCache {
  readonly #database: Queryable
  readonly #entries = new Map<string, Entry>()

  constructor(database: Queryable) {
    this.#database = database
  }

  async get(projectId: string): Promise<GroupingRules> {
    const entry = this.#entries.get(projectId)
    if (entry !== undefined && entry.expiresAtMs > Date.now()) return entry.rules
    try {
      const rules = readRules((await getFingerprintRules(this.#database, projectId))?.rules)
      this.#entries.set(projectId, { rules, expiresAtMs: Date.now() + KEEP_MS })
      return rules
    } catch (error) {
      // Postgres away: errors must not wait for it where the rules are known, if a little old.
      if (entry !== undefined) return entry.rules
      throw error
    }
  }

  /** They were changed just now. */
  forget(projectId: string): void {
    this.#entries.delete(projectId)
  }
}

/** What an older or newer collector stored and this one can't read is taken for the usual way: an error must not be lost over it. */
export function readRules(stored: unknown): GroupingRules {
  const parsed = FingerprintRules.safeParse(stored)
  if (!parsed.success) return USUAL_RULES
  try {
    return compileRules(parsed.data)
  } catch {
    return USUAL_RULES
  }
}

const caches = new WeakMap<CollectorContext, GroupingCache>()

function cacheOf(ctx: CollectorContext): GroupingCache {
  const cache = caches.get(ctx) ?? new GroupingCache(ctx.pool)
  caches.set(ctx, cache)
  return cache
}

/** How fingerprints of a project's errors are made now. */
export const groupingOf = (ctx: CollectorContext, projectId: string): Promise<GroupingRules> => cacheOf(ctx).get(projectId)

export const forgetGrouping = (ctx: CollectorContext, projectId: string): void => cacheOf(ctx).forget(projectId)
