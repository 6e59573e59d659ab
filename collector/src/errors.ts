import type { ErrorCode } from '@cairn/sdk/protocol'

/** An error whose message may be shown to the caller. What isn't one is answered as `internal` or `unavailable`. */
export class CollectorError extends Error {
  override readonly name = 'CollectorError'
  readonly code: ErrorCode
  readonly details: unknown
  constructor(code: ErrorCode, message: string, options: { details?: unknown; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.details = options.details
  }
}

export const notFound = (what: string) => new CollectorError('not_found', `There is no ${what} in this project.`)

export const unavailable = (what: string, cause?: unknown) =>
  new CollectorError('unavailable', `${what} can't be reached or written to now. Try again in a moment.`, { cause })
