import type { Queryable } from '../queryable.ts'
import { bumpVersion, type SessionChange } from './bump-version.ts'

/**
 * Sets a session's state and answers its new version.
 * @throws {VersionConflictError} where `ifVersion` is no longer the current one
 */
export async function putSession(db: Queryable, change: SessionChange & { state: string }): Promise<number> {
  return await bumpVersion(db, change)
}
