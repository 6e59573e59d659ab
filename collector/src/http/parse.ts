import { LIMITS } from '@cairn/sdk/protocol'
import type { z } from 'zod'
import { CollectorError } from '../errors.ts'

/**
 * Parses what came in by its schema.
 * @throws {CollectorError} `invalid_request`, naming each field that is wrong, at most five
 */
export function parse<T extends z.ZodType>(schema: T, value: unknown, where: 'body' | 'query' | 'path' | 'headers'): z.infer<T> {
  const parsed = schema.safeParse(value ?? {})
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.slice(0, 5).map((issue) => {
    const field = [where, ...issue.path.map(String)].join('.')
    return `${field}: ${issue.message}`
  })
  throw new CollectorError('invalid_request', problems.join('; '), {
    details: parsed.error.issues.slice(0, 20).map((issue) => ({ path: issue.path, message: issue.message })),
  })
}

/** JSON text of an encoded value, within the limits of one value. */
export function valueText(value: unknown, field: string): string {
  const text = stringify(value)
  // Each level takes two brackets: short texts need no look.
  if (text === undefined || (text.length > 2 * LIMITS.valueDepth && isDeeperThan(LIMITS.valueDepth, value)))
    throw new CollectorError('invalid_request', `${field} is nested deeper than ${LIMITS.valueDepth} levels. Store it as an artifact.`)
  const bytes = Buffer.byteLength(text)
  if (bytes > LIMITS.valueBytes)
    throw new CollectorError(
      'payload_too_large',
      `${field} has ${bytes} bytes; one value may have ${LIMITS.valueBytes}. Store it as an artifact, or pass a link to it.`,
    )
  return text
}

function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch (error) {
    // The stack ran out, long after the limit was passed.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Level by level: a recursion would be what the limit guards against. */
function isDeeperThan(limit: number, value: unknown): boolean {
  let level = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []))
  }
  return false
}

/** Postgres' text can't hold NUL: names and messages lose it, values don't (they are escaped JSON). */
export const withoutNul = (text: string) => (text.includes('\0') ? text.replaceAll('\0', '�') : text)
