import type { Queryable } from '../queryable.ts'

export interface ScheduleMove {
  readonly projectId: string
  readonly name: string
  /** RFC 3339; null: no time to come. */
  readonly nextAt: string | null
  /** The run that was made, and the time it was made for; null: times were skipped. */
  readonly made: { readonly at: string; readonly runId: string } | null
}

/** Moves a schedule on to its next time. */
export async function moveSchedule(db: Queryable, move: ScheduleMove): Promise<void> {
  await db.query({
    name: 'move-schedule',
    text: `UPDATE schedules SET next_at = $3, last_at = coalesce($4, last_at), last_run_id = coalesce($5, last_run_id)
      WHERE project_id = $1 AND name = $2`,
    values: [move.projectId, move.name, move.nextAt, move.made?.at ?? null, move.made?.runId ?? null],
  })
}
