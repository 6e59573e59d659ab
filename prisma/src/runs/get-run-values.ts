import type { Queryable } from '../queryable.ts'

export interface RunValues {
  readonly runId: string
  /** JSON text; null if there is none or it lies in the blob of `inputBlob`. */
  readonly input: string | null
  readonly inputBlob: Buffer | null
  readonly output: string | null
  readonly outputBlob: Buffer | null
  readonly errorStack: string | null
  readonly errorCause: string | null
  readonly metadata: string
}

/** The large parts of some runs. The caller has checked that they are of its project. */
export async function getRunValues(db: Queryable, runIds: readonly string[]): Promise<Map<string, RunValues>> {
  const { rows } = await db.query<RunValues>({
    name: 'get-run-values',
    text: `SELECT run_id AS "runId", input, input_blob AS "inputBlob", output, output_blob AS "outputBlob",
             error_stack AS "errorStack", error_cause AS "errorCause", metadata
           FROM run_values WHERE run_id = ANY($1::uuid[])`,
    values: [runIds],
  })
  return new Map(rows.map((row) => [row.runId, row]))
}
