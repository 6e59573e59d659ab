import { randomBytes } from 'node:crypto'
import { createRun, type DueSchedule, inTransaction, lockDueSchedule, moveSchedule, type RunRow } from '@cairn/prisma'
import { v7 } from 'uuid'
import type { CollectorContext } from '../context.ts'
import type { Notifier } from '../runs/notifier.ts'
import { storeValue } from '../runs/value-store.ts'
import { cronTimes } from '../schedules/cron-times.ts'

/** A time this long past was missed: collectors were down. One that restarts within it makes the run, late. */
const MISSED_AFTER_MS = 60_000

interface Parts {
  readonly ctx: Pick<CollectorContext, 'pool' | 'log'>
  readonly notifier: Notifier
}

/**
 * Makes the runs that are due. Any number of collectors may do so at once: the run and the schedule's next time are of one
 * transaction that has the schedule locked, and the run's idempotency key names the time it is for.
 * @param at default: Postgres' clock
 */
export async function makeScheduledRuns({ ctx, notifier }: Parts, at: Date | null = null): Promise<void> {
  for (;;) {
    const done = await inTransaction(ctx.pool, async (db) => {
      const due = await lockDueSchedule(db, at?.toISOString() ?? null)
      if (due === undefined) return undefined
      const { time, nextAt } = judge(ctx, due)
      const run = time === null ? undefined : await makeRun(db, due, time)
      const made = run === undefined || time === null ? null : { at: time, runId: run.id }
      await moveSchedule(db, { projectId: due.projectId, name: due.name, nextAt, made })
      return { run }
    })
    if (done === undefined) return
    if (done.run === undefined) continue
    notifier.workReady(done.run.projectId, done.run.agent)
    notifier.statusChanged()
  }
}

/** Which time a run is to be made for, if any, and which comes next. However many were missed, at most one run is made. */
function judge(ctx: Parts['ctx'], due: DueSchedule): { time: string | null; nextAt: string | null } {
  const now = new Date(due.now)
  try {
    const times = cronTimes(due.cron, due.timezone)
    const first = new Date(due.nextAt)
    const last = times.last(now)
    const time = last === null || last < first ? first : last
    const missed = now.getTime() - time.getTime() > MISSED_AFTER_MS
    if (missed) ctx.log.warn({ schedule: due.name, missedSince: due.nextAt, catchUp: due.catchUp }, 'times of a schedule were missed')
    return { time: missed && !due.catchUp ? null : time.toISOString(), nextAt: times.next(now)?.toISOString() ?? null }
  } catch (error) {
    // It was valid when it was stored: another version reads it otherwise. It must not hold up the others.
    ctx.log.error({ err: error, schedule: due.name }, 'a schedule can no longer be read; it is stopped')
    return { time: null, nextAt: null }
  }
}

async function makeRun(db: Parameters<typeof createRun>[0], due: DueSchedule, time: string): Promise<RunRow | undefined> {
  const input = await storeValue(db, due.projectId, JSON.parse(due.input), 'input')
  return createRun(db, {
    id: v7(),
    projectId: due.projectId,
    traceId: randomBytes(16).toString('hex'),
    agent: due.agent,
    version: due.version,
    input: input.text,
    inputBlob: input.blob,
    metadata: JSON.stringify({ schedule: due.name, dueAt: time }),
    sessionId: null,
    userId: null,
    tags: [`schedule:${due.name}`],
    idempotencyKey: `schedule/${due.name}/${time}`,
    runAt: null,
    priority: due.priority,
    concurrencyKey: due.concurrencyKey,
    rateLimitKey: due.rateLimitKey,
    parent: null,
    forkedFrom: null,
    claim: null,
  })
}
