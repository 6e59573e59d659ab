import type { ClickHouseClient } from '../client.ts'
import { runJson } from './run-json.ts'

/** So many hashes fit into a statement's 256 KiB. */
const HASHES_A_QUERY = 5_000
/** Scopes go into the request's address. */
const SCOPES_A_QUERY = 50
const HASH = /^[0-9a-f]{32}$/

/** Texts by `scope hash`, of these hashes in these scopes. */
export async function getContents(
  client: ClickHouseClient,
  input: { projectId: string; scopeIds: readonly string[]; hashes: readonly string[] },
): Promise<Map<string, string>> {
  const texts = new Map<string, string>()
  const hashes = [...new Set(input.hashes)].filter((hash) => HASH.test(hash))
  if (hashes.length === 0) return texts
  for (const scopeIds of inPieces([...new Set(input.scopeIds)], SCOPES_A_QUERY))
    for (const some of inPieces(hashes, HASHES_A_QUERY)) {
      const rows = await runJson<{ scopeId: string; hash: string; text: string }>(
        client,
        // Literals: thousands of hashes don't fit into a request's address, where bound values go.
        `SELECT scope_id AS scopeId, toString(contents.hash) AS hash, contents.text AS text FROM contents
         WHERE project_id = {projectId:UUID} AND scope_id IN {scopeIds:Array(String)} AND contents.hash IN (${some.map((hash) => `'${hash}'`).join(',')})
         LIMIT 1 BY scope_id, contents.hash`,
        { projectId: input.projectId, scopeIds },
      )
      for (const row of rows) texts.set(`${row.scopeId} ${row.hash}`, row.text)
    }
  return texts
}

function* inPieces<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}
