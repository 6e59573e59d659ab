import type { Queryable } from '../queryable.ts'
import { utc } from '../runs/run-row.ts'

/** An event after which a run looks otherwise in lists and reports: its status changed, or what was saved became known. */
export interface RunChange {
  readonly runId: string
  readonly seq: number
  /** Where it is a failure: what it failed with. */
  readonly failure: RunFailure | null
}

/** One execution of a run failed or crashed: it did, whatever became of the run since. */
export interface RunFailure {
  readonly execution: number
  readonly errorGroup: string
  readonly errorType: string
  readonly errorMessage: string
  readonly failedStep: string
  /** RFC 3339. */
  readonly at: string
}

interface StatusData {
  readonly status: string
  readonly error: { readonly type: string; readonly message: string } | null
  readonly errorGroup: string
  readonly failedStep: string | null
}

/** `paused`: it crashed too often. */
const FAILED = new Set(['failed', 'crashed', 'paused'])

/**
 * Changes of runs in the order of their sequence numbers, for copying them to ClickHouse. Numbers are drawn before the commit: a
 * lower one may come after a higher one was read. `olderThanMs` gives only those that are old enough for none to come before them.
 */
export async function listRunChanges(
  db: Queryable,
  { afterSeq, olderThanMs, limit }: { afterSeq: number; olderThanMs: number; limit: number },
): Promise<RunChange[]> {
  const { rows } = await db.query<{ runId: string; seq: string; execution: number; at: string; data: string | null }>({
    name: 'list-run-changes',
    text: `SELECT run_id AS "runId", seq, execution, ${utc('at', 'at')},
        CASE WHEN type = 'status' AND data LIKE '%"errorGroup"%' THEN data END AS data
      FROM run_events
      WHERE seq > $1 AND type IN ('status', 'saved') AND at <= now() - $2 * interval '1 millisecond' ORDER BY seq LIMIT $3`,
    values: [afterSeq, olderThanMs, limit],
  })
  return rows.map(({ runId, seq, execution, at, data }) => ({
    runId,
    seq: Number(seq),
    failure: data === null ? null : readFailure(JSON.parse(data), { execution, at }),
  }))
}

function readFailure({ status, error, errorGroup, failedStep }: StatusData, when: Pick<RunFailure, 'execution' | 'at'>): RunFailure | null {
  if (!FAILED.has(status) || error === null || !errorGroup) return null
  return { ...when, errorGroup, errorType: error.type, errorMessage: error.message, failedStep: failedStep ?? '' }
}

/** The newest change that was old enough when the one of `seq` was written; `seq` itself where that is gone. */
export async function findSettledSeq(db: Queryable, seq: number, olderThanMs: number): Promise<number> {
  const { rows } = await db.query<{ seq: string }>({
    name: 'find-settled-seq',
    text: `SELECT seq FROM run_events
      WHERE seq <= $1 AND at <= (SELECT at FROM run_events WHERE seq = $1 LIMIT 1) - $2 * interval '1 millisecond'
      ORDER BY seq DESC LIMIT 1`,
    values: [seq, olderThanMs],
  })
  return Number(rows[0]?.seq ?? seq)
}
