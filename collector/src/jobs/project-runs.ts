import { type RunRow as ClickHouseRunRow, getProjectedSeq, insertRuns } from '@cairn/clickhouse'
import { findRun, getRunValues, listChangedRuns, listExecutions, type RunRow } from '@cairn/prisma'
import type { CollectorContext } from '../context.ts'
import { addUsd } from '../runs/spending.ts'

const PAGE = 500

/**
 * Copies runs whose status changed to ClickHouse, as rows versioned by the event's sequence number: written twice is the
 * same as once. Where it stands is read back from ClickHouse, so a restart goes on where the last one ended.
 */
export class RunProjector {
  readonly #ctx: CollectorContext
  #after: number | undefined

  constructor(ctx: CollectorContext) {
    this.#ctx = ctx
  }

  async step(): Promise<void> {
    this.#after ??= await getProjectedSeq(this.#ctx.clickhouse)
    for (;;) {
      const changed = await listChangedRuns(this.#ctx.pool, { afterSeq: this.#after, limit: PAGE })
      if (changed.length === 0) return
      const rows = await Promise.all(changed.map((change) => this.#toRow(change)))
      await insertRuns(
        this.#ctx.clickhouse,
        rows.filter((row) => row !== undefined),
      )
      this.#after = Math.max(...changed.map((change) => Number(change.seq)))
      if (changed.length < PAGE) return
    }
  }

  async #toRow(change: { runId: string; projectId: string; seq: number }): Promise<ClickHouseRunRow | undefined> {
    const { pool } = this.#ctx
    const run: RunRow | undefined = await findRun(pool, change.projectId, change.runId)
    if (run === undefined) return undefined
    const [values, executions] = await Promise.all([getRunValues(pool, [run.id]), listExecutions(pool, [run.id])])
    return toClickHouseRow(run, {
      version: Number(change.seq),
      input: values.get(run.id)?.input ?? '',
      output: values.get(run.id)?.output ?? '',
      savedUsd: addUsd(executions.map((execution) => execution.savedUsd ?? '0')),
    })
  }
}
