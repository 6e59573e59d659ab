import type { Pool } from 'pg'

const lastTurns = new WeakMap<Pool, Map<string, Promise<unknown>>>()

/**
 * Claims of limited agents of one project, one after another: in Postgres they would wait for each other's lock all the same,
 * but each with a connection of the pool, which checkpoints need.
 */
export function claimInTurn<T>(pool: Pool, projectId: string, claim: () => Promise<T>): Promise<T> {
  const turns = lastTurns.get(pool) ?? new Map<string, Promise<unknown>>()
  lastTurns.set(pool, turns)
  const turn = (turns.get(projectId) ?? Promise.resolve()).then(claim, claim)
  turns.set(projectId, turn)
  return turn
}
