import type { JsonValue, RunSummary } from '@cairn/sdk/protocol'

/** A run of an export: what the list shows, with its input and output. */
export interface ExportedRun extends RunSummary {
  readonly input: JsonValue
  readonly output: JsonValue
}

type Cell = string | bigint | Date | null

/** Columns of the tables (CSV, Parquet). Values are JSON; money is decimal text, empty where there is no price. */
export const EXPORT_COLUMNS: readonly {
  readonly name: string
  readonly type: 'STRING' | 'INT64' | 'TIMESTAMP'
  readonly of: (run: ExportedRun) => Cell
}[] = [
  { name: 'id', type: 'STRING', of: (run) => run.id },
  { name: 'traceId', type: 'STRING', of: (run) => run.traceId },
  { name: 'agent', type: 'STRING', of: (run) => run.agent },
  { name: 'version', type: 'STRING', of: (run) => run.version },
  { name: 'status', type: 'STRING', of: (run) => run.status },
  { name: 'executions', type: 'INT64', of: (run) => BigInt(run.execution) },
  { name: 'stepsDone', type: 'INT64', of: (run) => BigInt(run.steps.done) },
  { name: 'createdAt', type: 'TIMESTAMP', of: (run) => new Date(run.createdAt) },
  { name: 'startedAt', type: 'TIMESTAMP', of: (run) => dateOf(run.startedAt) },
  { name: 'endedAt', type: 'TIMESTAMP', of: (run) => dateOf(run.endedAt) },
  { name: 'errorType', type: 'STRING', of: (run) => run.error?.type ?? null },
  { name: 'errorMessage', type: 'STRING', of: (run) => run.error?.message ?? null },
  { name: 'failedStep', type: 'STRING', of: (run) => run.failedStep },
  { name: 'errorGroup', type: 'STRING', of: (run) => run.errorGroup },
  { name: 'sessionId', type: 'STRING', of: (run) => run.sessionId },
  { name: 'userId', type: 'STRING', of: (run) => run.userId },
  { name: 'tags', type: 'STRING', of: (run) => JSON.stringify(run.tags) },
  { name: 'inputTokens', type: 'INT64', of: ({ usage }) => BigInt(usage.input + usage.cacheRead + usage.cacheWrite + usage.cacheWrite1h) },
  { name: 'outputTokens', type: 'INT64', of: ({ usage }) => BigInt(usage.output + usage.reasoning) },
  { name: 'totalTokens', type: 'INT64', of: ({ usage }) => BigInt(usage.total) },
  { name: 'costUsd', type: 'STRING', of: (run) => run.cost.total },
  { name: 'lostUsd', type: 'STRING', of: (run) => (run.lostUnpriced ? null : run.lost) },
  { name: 'savedUsd', type: 'STRING', of: (run) => run.saved },
  { name: 'input', type: 'STRING', of: (run) => JSON.stringify(run.input) },
  { name: 'output', type: 'STRING', of: (run) => JSON.stringify(run.output) },
]

const dateOf = (time: string | null) => (time === null ? null : new Date(time))
