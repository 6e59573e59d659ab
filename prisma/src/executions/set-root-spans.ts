import type { Queryable } from '../queryable.ts'

/** Notes the root spans that workers opened. */
export async function setRootSpans(
  db: Queryable,
  projectId: string,
  roots: readonly { readonly runId: string; readonly execution: number; readonly spanId: string }[],
): Promise<void> {
  await db.query({
    name: 'set-root-spans',
    text: `UPDATE executions e SET root_span_id = t.span_id
      FROM unnest($2::uuid[], $3::int[], $4::text[]) AS t(run_id, number, span_id), runs r
      WHERE e.run_id = t.run_id AND e.number = t.number AND r.id = e.run_id AND r.project_id = $1`,
    values: [projectId, roots.map((r) => r.runId), roots.map((r) => r.execution), roots.map((r) => r.spanId)],
  })
}
