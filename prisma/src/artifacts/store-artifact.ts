import type { Queryable } from '../queryable.ts'

export interface NewArtifact {
  readonly projectId: string
  readonly runId: string
  readonly execution: number
  readonly name: string
  readonly contentType: string
  /** SHA-256 of its bytes, which are in `blobs` already. */
  readonly hash: Buffer
  readonly bytes: number
}

/** Names a blob as an artifact of a run, fenced by its execution. False if that is stale. */
export async function storeArtifact(db: Queryable, artifact: NewArtifact): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'store-artifact',
    text: `INSERT INTO artifacts (run_id, name, content_type, hash, bytes, execution)
      SELECT r.id, $4, $5, $6, $7, $3 FROM runs r
      WHERE r.project_id = $1 AND r.id = $2 AND r.execution = $3 AND r.status = 'running' FOR SHARE
      ON CONFLICT (run_id, name) DO UPDATE SET content_type = excluded.content_type, hash = excluded.hash, bytes = excluded.bytes,
        execution = excluded.execution, created_at = now()`,
    values: [artifact.projectId, artifact.runId, artifact.execution, artifact.name, artifact.contentType, artifact.hash, artifact.bytes],
  })
  return rowCount === 1
}
