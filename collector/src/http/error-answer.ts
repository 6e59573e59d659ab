import { type ErrorBody, type ErrorCode, HTTP_STATUS } from '@cairn/sdk/protocol'
import { ClickHouseError } from '@clickhouse/client'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { CollectorError, unavailable } from '../errors.ts'

/** Fastify's own refusals, by their code. */
const FASTIFY_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid_request',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid_request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_request',
}

/** Postgres and the network say so when a store is away, full or busy: the same call may go through later. */
const AWAY = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|57P0[1-3]|57014|53[134]00|ENOSPC|08\d{3})$/

export function isStoreAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  if (AWAY.test(code)) return true
  if (error instanceof AggregateError && error.errors.some(isStoreAway)) return true
  return /Connection terminated|timeout exceeded when trying to connect|socket hang up|Query read timeout|Timeout error/i.test(
    error.message,
  )
}

/** ClickHouse is there, and its tables are not yet: UNKNOWN_TABLE, UNKNOWN_DATABASE. */
const isMigrating = (error: unknown): boolean => error instanceof ClickHouseError && (error.code === '60' || error.code === '81')

/** Postgres' classes 21 (cardinality) and 22 (data): a value that it can't hold, and so the caller's mistake. */
const UNSTORABLE = /^2[12][0-9A-Z]{3}$/
const WHAT_IS_WRONG: Readonly<Record<string, string>> = {
  '21000': 'The same item is named twice.',
  '22003': 'A number is out of range.',
  '22008': 'A time is out of range.',
  '22021': 'A text holds a NUL character (or another that is not UTF-8): leave it out.',
  '22P05': 'A text holds a NUL character (or another that is not UTF-8): leave it out.',
}

/** The one mapper from errors to this transport. Messages of unknown errors never leave the process. */
export function toErrorBody(error: unknown): { status: number; body: ErrorBody } {
  const known = toCollectorError(error)
  const details = known.details === undefined ? {} : { details: known.details }
  return { status: HTTP_STATUS[known.code], body: { error: { code: known.code, message: known.message, ...details } } }
}

function toCollectorError(error: unknown): CollectorError {
  if (error instanceof CollectorError) return error
  if (isStoreAway(error) || isMigrating(error)) return unavailable('A store', error)
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    if (UNSTORABLE.test(error.code))
      return new CollectorError('invalid_request', WHAT_IS_WRONG[error.code] ?? 'A value can not be stored as it is.', { cause: error })
    const code = FASTIFY_CODES[error.code] ?? (error instanceof SyntaxError ? 'invalid_request' : undefined)
    if (code !== undefined) return new CollectorError(code, error.message, { cause: error })
    if (error.code === 'conflict') {
      const details = 'currentVersion' in error ? { version: error.currentVersion } : undefined
      return new CollectorError('conflict', error.message, { cause: error, details })
    }
    if (error.code === 'not_found') return new CollectorError('not_found', error.message, { cause: error })
    if (error.code === 'invalid') return new CollectorError('invalid_request', error.message, { cause: error })
  }
  if (error instanceof Error && 'statusCode' in error && error.statusCode === 400)
    return new CollectorError('invalid_request', error.message)
  return new CollectorError('internal', 'The collector failed on this request; its log says why.', { cause: error })
}

const MIB = 1024 * 1024
const isTooLarge = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE'
const tooLarge = (cause: unknown, limit: number) =>
  new CollectorError('payload_too_large', `A request of this kind may have ${limit / MIB} MiB. Send less at a time, or a link to it.`, {
    cause,
  })

export function sendError(reply: FastifyReply, error: unknown): FastifyReply {
  const { status, body } = toErrorBody(error)
  if (status === 503 || status === 429) reply.header('retry-after', '1')
  return reply.code(status).type('application/json').send(body)
}

export function registerErrors(app: FastifyInstance): void {
  app.setErrorHandler((thrown, request, reply) => {
    const error = isTooLarge(thrown) ? tooLarge(thrown, request.routeOptions.bodyLimit ?? 0) : thrown
    const { status, body } = toErrorBody(error)
    if (status >= 500) request.log.error({ err: error, code: body.error.code }, 'request failed')
    return sendError(reply, error)
  })
  app.setNotFoundHandler((request, reply) =>
    sendError(
      reply,
      new CollectorError(
        'not_found',
        `${request.method} ${request.url.split('?')[0]} is not an address of this API; see /api/v1/openapi.json.`,
      ),
    ),
  )
}
