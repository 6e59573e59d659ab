import type { Queryable } from '../queryable.ts'
import { utc } from '../runs/run-row.ts'

/** A checkpoint without its output: what tells one from another. */
export interface StepOutline {
  readonly runId: string
  readonly key: string
  readonly kind: string
  readonly status: string
  readonly attempt: number
  /** 0: taken over from the run that this one was forked from. */
  readonly execution: number
  readonly startedAt: string | null
  readonly endedAt: string | null
  /** SHA-256 of the stored output; equal texts have equal ones. Null: there is none. */
  readonly outputHash: string | null
  readonly error: string | null
  readonly spanId: string | null
  readonly inputFingerprint: string | null
  readonly childRunId: string | null
  /** A person chose its output. */
  readonly givenByHand: boolean
}

/**
 * The checkpoints of some runs in the order they were stored, without their outputs; at most `limit`.
 * The caller has checked that the runs are of its project.
 */
export async function listStepOutlines(db: Queryable, runIds: readonly string[], limit: number): Promise<StepOutline[]> {
  const { rows } = await db.query<StepOutline>({
    name: 'list-step-outlines',
    text: `SELECT run_id AS "runId", key, kind, status, attempt, execution, ${utc('started_at', 'startedAt')}, ${utc('ended_at', 'endedAt')},
        encode(coalesce(output_blob, sha256(convert_to(output, 'UTF8'))), 'hex') AS "outputHash", error, span_id AS "spanId",
        input_fingerprint AS "inputFingerprint", child_run_id AS "childRunId",
        given_by_hand AS "givenByHand"
      FROM steps WHERE run_id = ANY($1::uuid[]) ORDER BY run_id, seq LIMIT $2`,
    values: [runIds, limit],
  })
  return rows
}
