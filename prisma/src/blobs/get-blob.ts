import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'
import type { Queryable } from '../queryable.ts'

const decompress = promisify(zstdDecompress)

/** The bytes with this SHA-256, or undefined where the project has none such. */
export async function getBlob(db: Queryable, projectId: string, hash: Uint8Array): Promise<Buffer | undefined> {
  const { rows } = await db.query<{ data: Buffer }>('select data from blobs where project_id = $1 and hash = $2', [projectId, hash])
  const [found] = rows
  return found === undefined ? undefined : await decompress(found.data)
}
