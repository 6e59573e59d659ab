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

const SortedCursor = z.tuple([z.string().max(100), z.uuid(), z.iso.datetime(), z.string()])

/** Where the next page of another order begins: the value, of what, the run, and by which clock what goes on was measured. */
export const writeSortedCursor = (after: { value: string; id: string; now: string }, sort: string): string =>
  Buffer.from(JSON.stringify([after.value, after.id, after.now, sort])).toString('base64url')

/** @throws {CollectorError} `invalid_request`, also if it is of another order */
export function readSortedCursor(text: string | undefined, sort: string): { value: string; id: string; now: string } | null {
  if (text === undefined) return null
  try {
    const [value, id, now, of] = SortedCursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
    if (of !== sort) throw new TypeError(`it is of a list by ${of}`)
    return { value, id, now }
  } catch (cause) {
    throw new CollectorError('invalid_request', 'query.cursor: is not a cursor of this list. Send back nextCursor as it came, or none.', {
      cause,
    })
  }
}
