import type { Queryable } from '../queryable.ts'
import type { WorkerDeath } from './crash-runs.ts'
import { sayUndecided, undecidedStep } from './undecided-step.ts'

export interface HeldRun {
  readonly id: string
  readonly agent: string
  /** Of the error that crashRuns stores. */
  readonly message: string
  /** Empty where none is known. */
  readonly step: string
}

/** Runs that a worker executes, as far as Postgres knows, with what is stored when they crash. */
export async function listHeldRuns(db: Queryable, death: Omit<WorkerDeath, 'errorGroups'>): Promise<HeldRun[]> {
  const { rows } = await db.query<HeldRun>({
    name: 'list-held-runs',
    text: `SELECT r.id, r.agent, $4 || ${sayUndecided('ask.key')} AS message, coalesce(f.step, ask.key, '') AS step FROM runs r
      LEFT JOIN unnest($5::uuid[], $6::text[]) AS f(run_id, step) ON f.run_id = r.id
      LEFT JOIN LATERAL (${undecidedStep('r')}) AS ask ON true
      WHERE r.project_id = $1 AND r.worker_id = $2 AND r.status = 'running' AND ($3::uuid[] IS NULL OR r.id = ANY($3))`,
    values: [
      death.projectId,
      death.workerId,
      death.runIds ?? null,
      death.reason,
      [...death.stepsInFlight.keys()],
      [...death.stepsInFlight.values()],
    ],
  })
  return rows
}
