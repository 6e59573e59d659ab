import type { Queryable } from '../queryable.ts'
import { utc } from '../runs/run-row.ts'

export interface ArtifactRow {
  readonly name: string
  readonly contentType: string
  readonly hash: Buffer
  readonly bytes: number
  readonly execution: number
  readonly createdAt: string
}

/** The artifacts of a run, oldest first. The caller has checked that the run is of its project. */
export async function listArtifacts(db: Queryable, runId: string): Promise<ArtifactRow[]> {
  const { rows } = await db.query<ArtifactRow>({
    name: 'list-artifacts',
    text: `SELECT name, content_type AS "contentType", hash, bytes, execution, ${utc('created_at', 'createdAt')}
           FROM artifacts WHERE run_id = $1 ORDER BY created_at, name`,
    values: [runId],
  })
  return rows
}
