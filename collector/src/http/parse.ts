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

/** JSON text of an encoded value, within the limit of one value. */
export function valueText(value: unknown, field: string): string {
  const text = JSON.stringify(value)
  const bytes = Buffer.byteLength(text)
  if (bytes > LIMITS.valueBytes)
    throw new CollectorError(
      'payload_too_large',
      `${field} has ${bytes} bytes; one value may have ${LIMITS.valueBytes}. Store it as an artifact, or pass a link to it.`,
    )
  return text
}

/** Postgres' text can't hold NUL: names and messages lose it, values don't (they are escaped JSON). */
export const withoutNul = (text: string) => (text.includes('\0') ? text.replaceAll('\0', '�') : text)
