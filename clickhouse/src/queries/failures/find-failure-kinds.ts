import type { ClickHouseClient } from '../../client.ts'
import { runJson } from '../run-json.ts'
import { type FailureKinds, type FailureScope, failureEvents } from './failure-events.ts'

/**
 * Which kinds of failures there may be: what is not there need not be asked for, and asking for traces of no run is dear, however few
 * they are.
 */
export async function findFailureKinds(client: ClickHouseClient, scope: FailureScope): Promise<FailureKinds> {
  const { mayBeRuns, mayBeTraces, params } = failureEvents(scope)
  const query = `SELECT (SELECT count() FROM (${mayBeRuns} LIMIT 1)) AS runs, (SELECT count() FROM (${mayBeTraces} LIMIT 1)) AS traces`
  const [row] = await runJson<{ runs: string; traces: string }>(client, query, params)
  return { runs: Number(row?.runs) > 0, traces: Number(row?.traces) > 0 }
}
