/** An exception as ClickHouse's HTTP interface answers it. */
export class EngineException extends Error {
  override readonly name = 'EngineException'
  /** ClickHouse's error code: 60 is UNKNOWN_TABLE. */
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

export const CODES = Object.freeze({
  unknownSession: 372,
  badArguments: 36,
  queryIdInUse: 216,
  readonly: 164,
  tooManyQueries: 202,
  cancelled: 394,
  authenticationFailed: 516,
  tooLarge: 307,
  internal: 1002,
})

export const raise = (code: number, name: string, text: string) =>
  new EngineException(code, `Code: ${code}. DB::Exception: ${text}. (${name})`)

/** What chdb threw: its text begins as the server's does. */
export function toException(error: unknown): EngineException {
  if (error instanceof EngineException) return error
  const text = error instanceof Error ? error.message : String(error)
  const code = /Code: (\d+)\. DB::/.exec(text)?.[1]
  if (code !== undefined) return new EngineException(Number(code), text)
  return new EngineException(CODES.internal, `Code: ${CODES.internal}. DB::Exception: ${text}. (UNKNOWN_EXCEPTION)`)
}

const STATUS: Readonly<Record<number, number>> = {
  516: 403,
  60: 404,
  81: 404,
  164: 500,
  202: 500,
  307: 413,
  159: 408,
}

/** As the server maps: mistakes in the query are 400, unknown names 404, the rest 500. */
export function httpStatusOf(code: number): number {
  const known = STATUS[code]
  if (known !== undefined) return known
  const mistakes = new Set([
    6, 10, 16, 26, 27, 36, 38, 41, 42, 43, 44, 46, 47, 50, 53, 62, 69, 70, 72, 73, 115, 117, 130, 372, 456, 457, 497,
  ])
  return mistakes.has(code) ? 400 : 500
}
