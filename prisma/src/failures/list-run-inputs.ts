import type { Queryable } from '../queryable.ts'

export interface RunInputRow {
  readonly traceId: string
  /** Bytes of its input as JSON. */
  readonly inputBytes: number
  /** JSON text, if it is short. */
  readonly metadata: string
}

/** How large the inputs of some runs were, and what was given with them. */
export async function listRunInputs(db: Queryable, projectId: string, runIds: readonly string[]): Promise<RunInputRow[]> {
  const { rows } = await db.query<RunInputRow>({
    name: 'list-run-inputs',
    text: `SELECT r.trace_id AS "traceId", coalesce(b.bytes, octet_length(v.input), 0)::float8 AS "inputBytes",
        CASE WHEN octet_length(v.metadata) <= 4000 THEN v.metadata ELSE '{}' END AS metadata
      FROM runs r JOIN run_values v ON v.run_id = r.id
      LEFT JOIN blobs b ON b.project_id = r.project_id AND b.hash = v.input_blob
      WHERE r.project_id = $1 AND r.id = ANY($2::uuid[])`,
    values: [projectId, runIds],
  })
  return rows
}
