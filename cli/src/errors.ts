/** Exit codes of every command; docs/cli.md promises them. */
export const EXIT_CODES = Object.freeze({ ok: 0, failure: 1, usage: 2, not_found: 3, unreachable: 4, interrupted: 130 })

export type CliErrorCode = Exclude<keyof typeof EXIT_CODES, 'ok'>

/** An error for the person at the terminal: what happened, and what to do. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly code: CliErrorCode
  readonly remedy: string | undefined
  /** The collector's own code and details, where it answered. */
  readonly answer: { readonly code: string; readonly details?: unknown } | undefined
  constructor(
    code: CliErrorCode,
    message: string,
    options: { remedy?: string | undefined; answer?: { code: string; details?: unknown }; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.remedy = options.remedy
    this.answer = options.answer
  }
}

export const usageError = (message: string, remedy?: string) => new CliError('usage', message, { remedy })
