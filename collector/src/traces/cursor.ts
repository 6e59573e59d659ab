import { CollectorError } from '../errors.ts'

/** Where a page of traces ended. */
export interface TraceCursor {
  readonly startTime: string
  readonly traceId: string
}

const CURSOR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z) ([0-9a-f]{32})$/

export const writeCursor = ({ startTime, traceId }: TraceCursor): string => Buffer.from(`${startTime} ${traceId}`).toString('base64url')

/** @throws {CollectorError} `invalid_request` */
export function readCursor(cursor: string | undefined): TraceCursor | null {
  if (cursor === undefined) return null
  const [, startTime, traceId] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? []
  if (startTime === undefined || traceId === undefined)
    throw new CollectorError('invalid_request', "query.cursor: isn't one that this API gave. Leave it out for the first page.")
  return { startTime, traceId }
}
