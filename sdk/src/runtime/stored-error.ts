import type { StoredError } from '../protocol/run.ts'

const MAX_MESSAGE = 16_384
const MAX_STACK = 32_768

/** What is kept of anything that was thrown. */
export function toStoredError(thrown: unknown): StoredError {
  if (!(thrown instanceof Error)) return { type: typeof thrown, message: describe(thrown).slice(0, MAX_MESSAGE) }
  const stored: StoredError = { type: typeOf(thrown), message: thrown.message.slice(0, MAX_MESSAGE) }
  if (thrown.stack) stored.stack = thrown.stack.slice(0, MAX_STACK)
  if (thrown.cause !== undefined) stored.cause = describe(thrown.cause).slice(0, MAX_MESSAGE)
  return stored
}

/** Many libraries set no `name`; their class says more than "Error". */
const typeOf = (error: Error): string => (error.name && error.name !== 'Error' ? error.name : error.constructor.name || 'Error')

function describe(value: unknown): string {
  if (value instanceof Error) return `${typeOf(value)}: ${value.message}`
  if (typeof value === 'string') return value
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return String(value)
  }
}
