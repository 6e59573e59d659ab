import { inTransaction, lockDueBulkResume, moveBulkResume } from '@cairn/prisma'
import type { BulkResume } from '@cairn/sdk/protocol'
import type { CollectorContext } from '../context.ts'
import { CollectorError } from '../errors.ts'
import { isStoreAway, toErrorBody } from '../http/error-answer.ts'
import type { Notifier } from '../runs/notifier.ts'
import { resume } from '../runs/resume.ts'

const MOST_AT_ONCE = 50
const MOST_ERRORS = 10

/**
 * Resumes the next runs of each bulk resume whose time has come. Should this process die over it, the same ones are tried again, and
 * those that were resumed are not resumable then.
 */
export async function resumeInBulk({ ctx, notifier }: { ctx: CollectorContext; notifier: Notifier }): Promise<void> {
  while (await step(ctx, notifier));
}

/** It changed before its turn; one that asks a person about a step is a failure to show. */
const isGone = ({ code, details }: CollectorError): boolean =>
  code === 'not_found' || (code === 'not_resumable' && !(typeof details === 'object' && details !== null && 'undecided' in details))

const step = (ctx: CollectorContext, notifier: Notifier): Promise<boolean> =>
  inTransaction(ctx.pool, async (db) => {
    const bulk = await lockDueBulkResume(db, MOST_AT_ONCE)
    if (bulk === undefined) return false
    const count = { resumed: 0, skipped: 0, failed: 0 }
    const errors: BulkResume['errors'] = JSON.parse(bulk.errors)
    for (const runId of bulk.next) {
      try {
        const run = await resume(ctx, bulk.projectId, runId, {
          ...(bulk.actor === null ? {} : { actor: bulk.actor }),
          ...(bulk.reason === null ? {} : { reason: bulk.reason }),
        })
        notifier.workReady(run.projectId, run.agent)
        notifier.runChanged(run.id)
        notifier.statusChanged()
        count.resumed++
      } catch (error) {
        if (isStoreAway(error)) throw error
        if (error instanceof CollectorError && isGone(error)) count.skipped++
        else {
          // One run that can't be resumed, for whatever reason, must not hold up those behind it.
          count.failed++
          const { message } = toErrorBody(error).body.error
          if (errors.length < MOST_ERRORS) errors.push({ runId: runId as BulkResume['errors'][number]['runId'], message })
          if (!(error instanceof CollectorError)) ctx.log.error({ err: error, runId }, 'a run of a bulk resume failed')
        }
      }
    }
    await moveBulkResume(db, { id: bulk.id, ...count, errors: JSON.stringify(errors) })
    return true
  })
