import { CollectorError } from '../errors.ts'

/** Where a page of traces ended. */
export interface TraceCursor {
  readonly startTime: string
  readonly traceId: string
}

const CURSOR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z) ([0-9a-f]{32})$/

export const writeCursor = ({ startTime, traceId }: TraceCursor): string => Buffer.from(`${startTime} ${traceId}`).toString('base64url')

const OFFSET = /^\+(\d{1,7})$/
/** Of a list that is not in the order of time. */
export const writeOffset = (offset: number): string => Buffer.from(`+${offset}`).toString('base64url')

/** @throws {CollectorError} `invalid_request` */
export function readOffset(cursor: string | undefined): number {
  if (cursor === undefined) return 0
  const [, offset] = OFFSET.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? []
  if (offset === undefined) throw notOurs()
  return Number(offset)
}

const notOurs = () =>
  new CollectorError('invalid_request', "query.cursor: isn't one that this API gave for this order. Leave it out for the first page.")

/** @throws {CollectorError} `invalid_request` */
export function readCursor(cursor: string | undefined): TraceCursor | null {
  if (cursor === undefined) return null
  const [, startTime, traceId] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? []
  if (startTime === undefined || traceId === undefined) throw notOurs()
  return { startTime, traceId }
}
