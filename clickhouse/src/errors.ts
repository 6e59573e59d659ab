/** What went wrong with ClickHouse or its embedded engine, free of any transport. */
export type ClickHouseErrorCode = 'start_failed' | 'migration_failed' | 'invalid' | 'not_found' | 'unreadable'

export class ClickHouseStoreError extends Error {
  override readonly name = 'ClickHouseStoreError'
  readonly code: ClickHouseErrorCode
  constructor(code: ClickHouseErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
