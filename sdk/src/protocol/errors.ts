import { z } from 'zod'

/** Transport-free codes of every error that the collector answers with. */
export const ERROR_CODES = [
  'invalid_request',
  'unauthorized',
  'forbidden',
  'not_found',
  'conflict',
  'not_resumable',
  'stale_execution',
  'step_conflict',
  'payload_too_large',
  'unsupported_media_type',
  'rate_limited',
  'not_implemented',
  'unavailable',
  'internal',
] as const
export const ErrorCode = z.enum(ERROR_CODES)
export type ErrorCode = z.infer<typeof ErrorCode>

/** The one error shape of the JSON API. `message` names the field, the limit and the remedy. */
export const ErrorBody = z.object({
  error: z.object({
    code: ErrorCode,
    message: z.string(),
    details: z.unknown().optional(),
  }),
})
export type ErrorBody = z.infer<typeof ErrorBody>

/** HTTP status of each code: the one mapper for this transport. */
export const HTTP_STATUS: Readonly<Record<ErrorCode, number>> = Object.freeze({
  invalid_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  not_resumable: 409,
  stale_execution: 409,
  step_conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  not_implemented: 501,
  unavailable: 503,
  internal: 500,
})
