/** What went wrong, free of any transport. */
export type StoreErrorCode = 'not_found' | 'conflict' | 'invalid' | 'in_use' | 'migration_failed' | 'start_failed'

export class StoreError extends Error {
  override readonly name: string = 'StoreError'
  readonly code: StoreErrorCode
  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The caller wrote over a version that is no longer the current one. */
export class VersionConflictError extends StoreError {
  override readonly name = 'VersionConflictError'
  readonly currentVersion: number
  constructor(what: string, currentVersion: number) {
    super('conflict', `${what} is at version ${currentVersion} now: read it again and repeat the change.`)
    this.currentVersion = currentVersion
  }
}
