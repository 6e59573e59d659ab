import type { Queryable } from '../queryable.ts'
import { utc } from '../runs/run-row.ts'

export interface StepRow {
  readonly runId: string
  readonly key: string
  readonly seq: number
  readonly name: string
  readonly kind: string
  readonly status: string
  readonly attempt: number
  readonly execution: number
  readonly startedAt: string | null
  readonly endedAt: string | null
  readonly output: string | null
  readonly outputBlob: Buffer | null
  readonly error: string | null
  readonly spanId: string | null
  readonly inputFingerprint: string | null
  readonly childRunId: string | null
  readonly onInterrupted: string | null
  /** A person chose its output. */
  readonly givenByHand: boolean
}

const COLUMNS = `run_id AS "runId", key, seq, name, kind, status, attempt, execution, ${utc('started_at', 'startedAt')},
  ${utc('ended_at', 'endedAt')}, output, output_blob AS "outputBlob", error, span_id AS "spanId",
  input_fingerprint AS "inputFingerprint", child_run_id AS "childRunId", on_interrupted AS "onInterrupted",
  given_by_hand AS "givenByHand"`

/** All checkpoints of some runs in the order they were stored. The caller has checked that the runs are of its project. */
export async function listSteps(db: Queryable, runIds: readonly string[]): Promise<StepRow[]> {
  const { rows } = await db.query<StepRow>({
    name: 'list-steps',
    text: `SELECT ${COLUMNS} FROM steps WHERE run_id = ANY($1::uuid[]) ORDER BY run_id, seq`,
    values: [runIds],
  })
  return rows
}

/** One checkpoint of a run. The caller has checked that the run is of its project. */
export async function findStep(db: Queryable, runId: string, key: string): Promise<StepRow | undefined> {
  const { rows } = await db.query<StepRow>({
    name: 'find-step',
    text: `SELECT ${COLUMNS} FROM steps WHERE run_id = $1 AND key = $2`,
    values: [runId, key],
  })
  return rows[0]
}

/** Finished steps of each run: run id → count. */
export async function countFinishedSteps(db: Queryable, runIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await db.query<{ runId: string; done: number }>({
    name: 'count-finished-steps',
    text: `SELECT run_id AS "runId", count(*)::int AS done FROM steps
           WHERE run_id = ANY($1::uuid[]) AND status = 'succeeded' GROUP BY run_id`,
    values: [runIds],
  })
  return new Map(rows.map((row) => [row.runId, row.done]))
}
