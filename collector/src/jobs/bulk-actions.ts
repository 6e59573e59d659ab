import { type DueBulkResume, findExampleOfRun, inTransaction, lockDueBulkResume, moveBulkResume } from '@cairn/prisma'
import type { BulkAction } from '@cairn/sdk/protocol'
import { CollectorError } from '../errors.ts'
import { promoteRun } from '../few-shot/promote-run.ts'
import { isStoreAway, toErrorBody } from '../http/error-answer.ts'
import { exampleIdOf } from '../runs/bulk/example-id.ts'
import { controlRun } from '../runs/control-run.ts'
import { resume } from '../runs/resume.ts'
import type { RunParts } from '../runs/routes.ts'

const MOST_AT_ONCE = 50
const MOST_ERRORS = 10

type Parts = Pick<RunParts, 'ctx' | 'notifier' | 'hub'>

/**
 * Does the next of each bulk action whose time has come. Should this process die over it, the same ones are tried again, and those that
 * it was done to are skipped then.
 */
export async function actInBulk(parts: Parts): Promise<void> {
  while (await step(parts));
}

/** It changed before its turn; one that asks a person about a step is a failure to show. */
const isGone = ({ code, details }: CollectorError): boolean =>
  code === 'not_found' ||
  code === 'conflict' ||
  (code === 'not_resumable' && !(typeof details === 'object' && details !== null && 'undecided' in details))

const step = (parts: Parts): Promise<boolean> =>
  inTransaction(parts.ctx.pool, async (db) => {
    const bulk = await lockDueBulkResume(db, MOST_AT_ONCE)
    if (bulk === undefined) return false
    const count = { resumed: 0, skipped: 0, failed: 0 }
    const errors: BulkAction['errors'] = JSON.parse(bulk.errors)
    const exampleIds: string[] = []
    for (const runId of bulk.next) {
      try {
        const exampleId = await act(parts, bulk, runId)
        if (exampleId !== undefined) exampleIds.push(exampleId)
        count.resumed++
      } catch (error) {
        if (isStoreAway(error)) throw error
        if (error instanceof CollectorError && isGone(error)) count.skipped++
        else {
          // One run that it can't be done to, for whatever reason, must not hold up those behind it.
          count.failed++
          const { message } = toErrorBody(error).body.error
          if (errors.length < MOST_ERRORS) errors.push({ runId: runId as BulkAction['errors'][number]['runId'], message })
          if (!(error instanceof CollectorError)) parts.ctx.log.error({ err: error, runId }, 'a run of a bulk action failed')
        }
      }
    }
    await moveBulkResume(db, { id: bulk.id, ...count, errors: JSON.stringify(errors), exampleIds })
    return true
  })

/** The id of the example that was made, where one was. */
async function act(parts: Parts, bulk: DueBulkResume, runId: string): Promise<string | undefined> {
  const { ctx, notifier } = parts
  const { projectId } = bulk
  const by = { ...(bulk.actor === null ? {} : { actor: bulk.actor }), ...(bulk.reason === null ? {} : { reason: bulk.reason }) }
  if (bulk.action === 'cancel') {
    await controlRun(parts, { projectId, runId, control: 'cancel', actor: by.actor, reason: by.reason })
    return undefined
  }
  if (bulk.action === 'promote') return promoteOnce(parts, bulk, runId)
  const run = await resume(ctx, projectId, runId, by)
  notifier.workReady(run.projectId, run.agent)
  notifier.runChanged(run.id)
  notifier.statusChanged()
  return undefined
}

/** An example that this action made before its process died is its own; one of somebody else stays as it is. */
async function promoteOnce({ ctx }: Parts, bulk: DueBulkResume, runId: string): Promise<string> {
  const set = bulk.setName ?? ''
  const found = await findExampleOfRun(ctx.pool, { projectId: bulk.projectId, set, runId })
  const exampleId = exampleIdOf(bulk.id, runId)
  if (found === undefined) return promoteRun(ctx, { projectId: bulk.projectId, set, runId, actor: bulk.actor, exampleId })
  if (found.id === exampleId) return exampleId
  throw new CollectorError('conflict', `The run is an example of ${set} already.`)
}
