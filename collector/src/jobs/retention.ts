import { setTimeout as delay } from 'node:timers/promises'
import { deleteOldRecords, deleteOldRuns } from '@cairn/prisma'
import type { CollectorContext } from '../context.ts'

/** Runs in one transaction: short enough that nobody waits for its locks. */
const BATCH = 200
/** Between two batches others come first. */
const PAUSE_MS = 200
/** Batches in one go: the next one goes on. */
const MOST_BATCHES = 50

/** Deletes what has been kept for as long as its project says. Several collectors may do it at once. */
export async function deleteWhatIsOld({ pool, log }: Pick<CollectorContext, 'pool' | 'log'>): Promise<void> {
  let runs = 0
  for (let batch = 0; batch < MOST_BATCHES; batch++) {
    const deleted = await deleteOldRuns(pool, BATCH)
    runs += deleted
    if (deleted === 0) break
    await delay(PAUSE_MS)
  }
  await deleteOldRecords(pool, BATCH * MOST_BATCHES)
  if (runs > 0) log.info({ runs }, 'runs whose time had come were deleted')
}
