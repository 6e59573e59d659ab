/** Why a request for ingest is refused, free of any transport. */
export type IngestErrorCode = 'malformed' | 'unauthenticated' | 'too_large' | 'unsupported_media_type' | 'overloaded' | 'unavailable'

export class IngestError extends Error {
  override readonly name = 'IngestError'
  readonly code: IngestErrorCode
  constructor(code: IngestErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
