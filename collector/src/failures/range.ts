import { CollectorError } from '../errors.ts'

const DAY_MS = 86_400_000
const USUAL_MS = 7 * DAY_MS
const LONGEST_MS = 370 * DAY_MS
const INTERVALS_S = [60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 259_200, 604_800, 2_592_000]
const MOST_INTERVALS = 32

export interface FailureTimes {
  readonly from: string
  readonly to: string
  readonly intervalSeconds: number
}

/** @throws {CollectorError} `invalid_request`, if nothing or too much lies between them */
export function readFailureTimes(query: { from?: string | undefined; to?: string | undefined }): FailureTimes {
  const toMs = query.to === undefined ? Date.now() : Date.parse(query.to)
  const fromMs = query.from === undefined ? toMs - USUAL_MS : Date.parse(query.from)
  if (fromMs >= toMs) throw new CollectorError('invalid_request', 'query.from must be before query.to.')
  if (toMs - fromMs > LONGEST_MS)
    throw new CollectorError('invalid_request', 'query.from: at most 370 days may lie between from and to. Ask for a shorter time.')
  const intervalSeconds = INTERVALS_S.find((seconds) => (toMs - fromMs) / 1_000 / seconds <= MOST_INTERVALS) ?? 2_592_000
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), intervalSeconds }
}
