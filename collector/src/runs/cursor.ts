import type { RunSort } from '@cairn/clickhouse'
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

/** As ClickHouse writes them: what it can't read again would be its error, not the caller's. */
const SORTED_VALUES: Readonly<Record<RunSort, RegExp>> = {
  started: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?$/,
  duration: /^-?\d{1,18}$/,
  cost: /^-?\d{1,20}(\.\d{1,12})?$/,
  tokens: /^\d{1,18}$/,
}
const SortedCursor = z.tuple([z.string().max(100), z.uuid(), z.iso.datetime(), z.string()])

/** Where the next page of another order begins: the value, of what, the run, and by which clock what goes on was measured. */
export const writeSortedCursor = (after: { value: string; id: string; now: string }, sort: RunSort): string =>
  Buffer.from(JSON.stringify([after.value, after.id, after.now, sort])).toString('base64url')

/** @throws {CollectorError} `invalid_request`, also if it is of another order */
export function readSortedCursor(text: string | undefined, sort: RunSort): { value: string; id: string; now: string } | null {
  if (text === undefined) return null
  try {
    const [value, id, now, of] = SortedCursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
    if (of !== sort || !SORTED_VALUES[sort].test(value)) throw new TypeError(`it is no place in a list by ${sort}`)
    return { value, id, now }
  } catch (cause) {
    throw new CollectorError('invalid_request', 'query.cursor: is not a cursor of this list. Send back nextCursor as it came, or none.', {
      cause,
    })
  }
}
