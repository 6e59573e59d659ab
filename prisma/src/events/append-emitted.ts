import type { Queryable } from '../queryable.ts'

export interface EmittedRow {
  readonly runId: string
  readonly execution: number
  /** JSON text of `{ name, data }`. */
  readonly data: string
  /** The sender's number of it in this execution; null: it has none, and sent again it is another. */
  readonly id: number | null
}

export type EmittedVerdict = { readonly found: boolean; readonly stored: boolean; readonly control: 'pause' | 'cancel' | null }

// The lock shuts checkpoints of the run out until the commit: a reader that has seen their sequence numbers must not miss lower ones.
/** Appends items that agents emitted to their runs' logs, fenced as checkpoints are; answers in the order of the items. */
export async function appendEmitted(db: Queryable, projectId: string, items: readonly EmittedRow[]): Promise<EmittedVerdict[]> {
  if (items.length === 0) return []
  const { rows } = await db.query<EmittedVerdict>({
    name: 'append-emitted',
    text: `WITH item AS (
        SELECT * FROM unnest($2::uuid[], $3::int[], $4::text[], $5::int[]) WITH ORDINALITY AS t(run_id, execution, data, id, ord)
      ), locked AS MATERIALIZED (
        SELECT id, execution, status, control FROM runs WHERE project_id = $1 AND id = ANY($2) ORDER BY id FOR NO KEY UPDATE
      ), judged AS (
        SELECT item.*, l.id IS NOT NULL AS found, l.control,
          coalesce(l.execution = item.execution AND l.status = 'running', false) AS valid
        FROM item LEFT JOIN locked l ON l.id = item.run_id
      ), logged AS (
        INSERT INTO run_events (run_id, seq, execution, type, data, emitted_id)
        SELECT run_id, nextval('run_seq'), execution, 'emit', data, id FROM judged WHERE valid ORDER BY ord
        ON CONFLICT (run_id, execution, emitted_id) WHERE emitted_id IS NOT NULL DO NOTHING
      )
      SELECT found, valid AS stored, control FROM judged ORDER BY ord`,
    values: [projectId, items.map((i) => i.runId), items.map((i) => i.execution), items.map((i) => i.data), items.map((i) => i.id)],
  })
  return rows
}
