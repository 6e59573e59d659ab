import type { Queryable } from '../queryable.ts'
import { utc } from '../runs/run-row.ts'

export interface FingerprintRulesRow {
  /** As the protocol has them. */
  readonly rules: unknown
  readonly actor: string | null
  /** RFC 3339. */
  readonly updatedAt: string
}

/** How a project's fingerprints are made; undefined: the usual way. */
export async function getFingerprintRules(db: Queryable, projectId: string): Promise<FingerprintRulesRow | undefined> {
  const { rows } = await db.query<FingerprintRulesRow>({
    name: 'get-fingerprint-rules',
    text: `SELECT rules, actor, ${utc('updated_at', 'updatedAt')} FROM fingerprint_rules WHERE project_id = $1`,
    values: [projectId],
  })
  return rows[0]
}

/** Null: the usual way again. */
export async function putFingerprintRules(
  db: Queryable,
  { projectId, rules, actor }: { projectId: string; rules: unknown; actor: string | null },
): Promise<void> {
  if (rules === null)
    await db.query({ name: 'delete-fingerprint-rules', text: 'DELETE FROM fingerprint_rules WHERE project_id = $1', values: [projectId] })
  else
    await db.query({
      name: 'put-fingerprint-rules',
      text: `INSERT INTO fingerprint_rules (project_id, rules, actor) VALUES ($1, $2, $3)
        ON CONFLICT (project_id) DO UPDATE SET rules = excluded.rules, actor = excluded.actor, updated_at = now()`,
      values: [projectId, JSON.stringify(rules), actor],
    })
}
