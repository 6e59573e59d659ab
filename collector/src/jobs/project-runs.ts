import { type RunRow as ClickHouseRunRow, getProjectedSeq, insertRuns } from '@cairn/clickhouse'
import { type ChangedRun, findRuns, listChangedRuns, listExecutions, type RunRow } from '@cairn/prisma'
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
      await insertRuns(this.#ctx.clickhouse, await this.#toRows(changed))
      this.#after = Math.max(...changed.map((change) => Number(change.seq)))
      if (changed.length < PAGE) return
    }
  }

  async #toRows(changed: readonly ChangedRun[]): Promise<ClickHouseRunRow[]> {
    const ids = changed.map((change) => change.runId)
    const [runs, executions] = await Promise.all([findRuns(this.#ctx.pool, ids), listExecutions(this.#ctx.pool, ids)])
    const savedByRun = Map.groupBy(executions, (execution) => execution.runId)
    return changed.flatMap((change) => {
      const run = runs.get(change.runId)
      if (run === undefined) return []
      const saved = (savedByRun.get(run.id) ?? []).map((execution) => execution.savedUsd ?? '0')
      return toClickHouseRow(run, Number(change.seq), addUsd(saved))
    })
  }
}

const toClickHouseRow = (run: RunRow, version: number, savedUsd: string): ClickHouseRunRow => ({
  project_id: run.projectId,
  run_id: run.id,
  trace_id: run.traceId,
  agent: run.agent,
  agent_version: run.version ?? '',
  status: run.status,
  executions: run.execution,
  created_at: run.createdAt,
  started_at: run.startedAt,
  ended_at: run.endedAt,
  session_id: run.sessionId ?? '',
  user_id: run.userId ?? '',
  tags: run.tags,
  parent_run_id: run.parentRunId ?? '',
  failed_step: run.failedStep ?? '',
  error_type: run.errorType ?? '',
  error_message: (run.errorMessage ?? '').slice(0, 1_000),
  error_group: run.errorGroup ?? '',
  saved_usd: savedUsd,
  version,
})
