/** The SDK names the span of an attempt after its step and the attempt's number. */
const ATTEMPT = /^(.*) attempt ([1-9]\d{0,5})$/s

/** The step's name and which attempt of it a span is; null: it is none. */
export function attemptOf(spanName: string): { readonly name: string; readonly attempt: number } | null {
  const [, name, attempt] = ATTEMPT.exec(spanName) ?? []
  return name === undefined ? null : { name, attempt: Number(attempt) }
}
