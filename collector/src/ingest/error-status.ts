import { CollectorError } from '../errors.ts'
import { isStoreAway } from '../http/error-answer.ts'
import { IngestError, type IngestErrorCode } from './errors.ts'

/** What each refusal is over HTTP and in google.rpc.Status. Clients send again only after 429, 502, 503 and 504. */
const STATUSES: Readonly<Record<IngestErrorCode, { http: number; rpc: number }>> = {
  malformed: { http: 400, rpc: 3 },
  unauthenticated: { http: 401, rpc: 16 },
  too_large: { http: 413, rpc: 8 },
  unsupported_media_type: { http: 415, rpc: 3 },
  overloaded: { http: 429, rpc: 14 },
  unavailable: { http: 503, rpc: 14 },
}

export interface Refusal {
  readonly http: number
  readonly rpc: number
  readonly message: string
  /** Whether the same request may pass later. */
  readonly isRetryable: boolean
  /** Not a mistake of the sender's: to be logged. */
  readonly isOurs: boolean
}

/** What isn't known here may pass later: 503, never 500, so that nothing is dropped for a fault of ours. */
export function toRefusal(error: unknown): Refusal {
  const known = toIngestError(error)
  const { http, rpc } = STATUSES[known.code]
  const isRetryable = known.code === 'overloaded' || known.code === 'unavailable'
  return { http, rpc, message: known.message, isRetryable, isOurs: known.code === 'unavailable' }
}

function toIngestError(error: unknown): IngestError {
  if (error instanceof IngestError) return error
  if (error instanceof CollectorError && error.code === 'unauthorized') return new IngestError('unauthenticated', error.message)
  const what = isStoreAway(error) ? 'A store is not reachable now.' : 'The collector failed on this request; its log says why.'
  return new IngestError('unavailable', `${what} Nothing of it was kept: send it again.`, { cause: error })
}
