import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { zstdCompress } from 'node:zlib'
import type { Queryable } from '../queryable.ts'

const compress = promisify(zstdCompress)

/** Stores bytes once in a project and answers their SHA-256. */
export async function putBlob(db: Queryable, projectId: string, bytes: Uint8Array): Promise<Buffer> {
  const hash = createHash('sha256').update(bytes).digest()
  // Touched, so that retention leaves it alone until whoever stores it has referred to it.
  const { rowCount } = await db.query('update blobs set created_at = now() where project_id = $1 and hash = $2', [projectId, hash])
  if (rowCount === 1) return hash
  await db.query('insert into blobs (project_id, hash, data, bytes) values ($1, $2, $3, $4) on conflict do nothing', [
    projectId,
    hash,
    await compress(bytes),
    bytes.byteLength,
  ])
  return hash
}
