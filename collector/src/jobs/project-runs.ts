import {
  type RunRow as ClickHouseRunRow,
  type FailureRow,
  getProjectedSeq,
  insertFailures,
  insertRuns,
  insertRunTexts,
} from '@cairn/clickhouse'
import {
  type ExecutionRow,
  findRuns,
  findSettledSeq,
  getRunValues,
  listExecutions,
  listRunChanges,
  type RunChange,
  type RunRow,
} from '@cairn/prisma'
import type { CollectorContext } from '../context.ts'
import { cut } from '../ingest/map/read-text.ts'
import { addUsd } from '../runs/spending.ts'

const PAGE = 500
/** No statement takes so long from drawing its sequence number to its commit. */
const SETTLED_AFTER_MS = 60_000
const LOOK_BACK_EVERY_MS = 10_000
/** Past so many remembered ones, changes are copied a second time: that is no harm. */
const MOST_REMEMBERED = 500_000

/**
 * Copies runs that changed to ClickHouse, as rows versioned by the event's sequence number: written twice is the same as once. Where
 * it stands is read back from ClickHouse, so a restart goes on where the last one ended. Events that were committed after one of a
 * higher number was read are found by looking back.
 */
export class RunProjector {
  readonly #ctx: CollectorContext
  readonly #settledAfterMs: number
  readonly #lookBackEveryMs: number
  #after: number | undefined
  /** All up to here is copied, whatever is still being committed. */
  #settled = 0
  /** Copied, and after that. */
  readonly #copied = new Set<number>()
  #lookedBackAtMs = Number.NEGATIVE_INFINITY

  constructor(ctx: CollectorContext, { settledAfterMs = SETTLED_AFTER_MS, lookBackEveryMs = LOOK_BACK_EVERY_MS } = {}) {
    this.#ctx = ctx
    this.#settledAfterMs = settledAfterMs
    this.#lookBackEveryMs = lookBackEveryMs
  }

  async step(): Promise<void> {
    const { pool, clickhouse } = this.#ctx
    if (this.#after === undefined) {
      const newest = await getProjectedSeq(clickhouse)
      this.#settled = await findSettledSeq(pool, newest, this.#settledAfterMs)
      this.#after = newest
    }
    for (;;) {
      const changes = await listRunChanges(pool, { afterSeq: this.#after, olderThanMs: 0, limit: PAGE })
      await this.#copy(changes)
      this.#after = changes.at(-1)?.seq ?? this.#after
      for (const { seq } of changes) if (this.#copied.size < MOST_REMEMBERED) this.#copied.add(seq)
      if (changes.length < PAGE) break
    }
    if (performance.now() - this.#lookedBackAtMs >= this.#lookBackEveryMs) await this.#lookBack()
  }

  async #lookBack(): Promise<void> {
    for (;;) {
      const changes = await listRunChanges(this.#ctx.pool, { afterSeq: this.#settled, olderThanMs: this.#settledAfterMs, limit: PAGE })
      await this.#copy(changes.filter(({ seq }) => !this.#copied.has(seq)))
      for (const { seq } of changes) this.#copied.delete(seq)
      this.#settled = changes.at(-1)?.seq ?? this.#settled
      if (changes.length < PAGE) break
    }
    this.#lookedBackAtMs = performance.now()
  }

  /** Each run as it is now, under the newest of its changes; and each failure, though the run may be past it. */
  async #copy(changes: readonly RunChange[]): Promise<void> {
    if (changes.length === 0) return
    const newest = new Map(changes.map(({ runId, seq }) => [runId, seq]))
    const ids = [...newest.keys()]
    const [runs, executions] = await Promise.all([findRuns(this.#ctx.pool, ids), listExecutions(this.#ctx.pool, ids)])
    const executionsByRun = Map.groupBy(executions, (execution) => execution.runId)
    const rows = [...newest].flatMap(([runId, seq]) => {
      const run = runs.get(runId)
      if (run === undefined) return []
      return toClickHouseRow(run, seq, executionsByRun.get(run.id) ?? [])
    })
    const failures = changes.flatMap((change) => {
      const run = runs.get(change.runId)
      return run === undefined ? [] : toFailureRow(run, executionsByRun.get(run.id) ?? [], change)
    })
    // Where it stands is read from the runs: they come last.
    await insertFailures(this.#ctx.clickhouse, failures)
    await this.#copyTexts([...newest].flatMap(([runId, seq]) => ({ run: runs.get(runId), seq })))
    await insertRuns(this.#ctx.clickhouse, rows)
  }

  /** What a search finds runs by changes as they begin and end; before the rows, whose newest number says what is copied. */
  async #copyTexts(changes: readonly { run: RunRow | undefined; seq: number }[]): Promise<void> {
    const changed = changes.flatMap(({ run, seq }) => (run !== undefined && hasNewText(run) ? [{ run, seq }] : []))
    if (changed.length === 0) return
    const values = await getRunValues(
      this.#ctx.pool,
      changed.map(({ run }) => run.id),
    )
    const rows = changed.map(({ run, seq }) => {
      const { input, output } = values.get(run.id) ?? { input: null, output: null }
      const texts = [input, output, run.errorType, run.errorMessage].map((text) => cut(text ?? '', MOST_TEXT_CHARS))
      return {
        project_id: run.projectId,
        run_id: run.id,
        trace_id: run.traceId,
        created_at: run.createdAt,
        text: texts.filter((text) => text !== '').join('\n'),
        version: seq,
      }
    })
    await insertRunTexts(this.#ctx.clickhouse, rows)
  }
}

/** Of a longer one the rest is in the trace's own contents. */
const MOST_TEXT_CHARS = 65_536

const hasNewText = ({ status, execution }: RunRow): boolean => status !== 'waiting' && (status !== 'running' || execution <= 1)

const toClickHouseRow = (run: RunRow, version: number, executions: readonly ExecutionRow[]): ClickHouseRunRow => ({
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
  error_message: cut(run.errorMessage ?? '', 1_000),
  error_group: run.errorGroup ?? '',
  active_ms: executions.reduce((sum, execution) => sum + durationOf(execution), 0),
  saved_usd: addUsd(executions.map((execution) => execution.savedUsd ?? '0')),
  version,
})

/** Milliseconds; clocks of two collectors may differ. */
const durationOf = ({ startedAt, endedAt }: ExecutionRow): number =>
  endedAt === null ? 0 : Math.max(0, Math.round(Date.parse(endedAt) - Date.parse(startedAt)))

function toFailureRow(run: RunRow, executions: readonly ExecutionRow[], { failure, seq }: RunChange): FailureRow[] {
  if (failure === null) return []
  const execution = executions.find(({ number }) => number === failure.execution)
  return [
    {
      project_id: run.projectId,
      error_group: failure.errorGroup,
      run_id: run.id,
      execution: failure.execution,
      trace_id: run.traceId,
      failed_at: failure.at,
      began_at: execution?.startedAt ?? run.createdAt,
      agent: run.agent,
      agent_version: execution?.version ?? run.version ?? '',
      step: failure.failedStep,
      error_type: failure.errorType,
      error_message: cut(failure.errorMessage, 1_000),
      session_id: run.sessionId ?? '',
      user_id: run.userId ?? '',
      version: seq,
    },
  ]
}
