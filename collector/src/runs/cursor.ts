import { z } from 'zod'
import { CollectorError } from '../errors.ts'

const Cursor = z.tuple([z.iso.datetime(), z.uuid()])

/** Where the next page begins, opaque to callers. */
export const writeCursor = (after: { createdAt: string; id: string }): string =>
  Buffer.from(JSON.stringify([after.createdAt, after.id])).toString('base64url')

export function readCursor(text: string | undefined): { createdAt: string; id: string } | null {
  if (text === undefined) return null
  try {
    const [createdAt, id] = Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
    return { createdAt, id }
  } catch (cause) {
    throw new CollectorError('invalid_request', 'query.cursor: is not a cursor of this list. Send back nextCursor as it came, or none.', {
      cause,
    })
  }
}

const SortedCursor = z.tuple([z.string().max(100), z.uuid(), z.iso.datetime()])

/** Where the next page of another order begins: the value, the run, and by which clock what goes on was measured. */
export const writeSortedCursor = (after: { value: string; id: string; now: string }): string =>
  Buffer.from(JSON.stringify([after.value, after.id, after.now])).toString('base64url')

export function readSortedCursor(text: string | undefined): { value: string; id: string; now: string } | null {
  if (text === undefined) return null
  try {
    const [value, id, now] = SortedCursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
    return { value, id, now }
  } catch (cause) {
    throw new CollectorError('invalid_request', 'query.cursor: is not a cursor of this list. Send back nextCursor as it came, or none.', {
      cause,
    })
  }
}
