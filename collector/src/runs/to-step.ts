import type { StepRow } from '@cairn/prisma'
import { type JsonValue, NO_COST, NO_USAGE, type ReplayedStep, type Step } from '@cairn/sdk/protocol'
import type { Spending } from './spending.ts'

/** A checkpoint as the API lists it. */
export const toStep = (row: StepRow, output: JsonValue, spending: Spending | undefined): Step => ({
  ...toOutcome(row, output),
  name: row.name,
  startedAt: row.startedAt ?? row.endedAt ?? '1970-01-01T00:00:00Z',
  endedAt: row.endedAt,
  ...(row.givenByHand ? { givenByHand: true } : {}),
  usage: spending?.usage ?? NO_USAGE,
  cost: spending?.cost ?? NO_COST,
})

/** A checkpoint as replay needs it. */
export const toReplayedStep = (row: StepRow, output: JsonValue, statePatch: unknown[]): ReplayedStep => ({
  ...toOutcome(row, output),
  statePatch: statePatch.length === 0 ? null : statePatch,
})

const toOutcome = (row: StepRow, output: JsonValue): Omit<ReplayedStep, 'statePatch'> => ({
  key: row.key,
  kind: row.kind as ReplayedStep['kind'],
  status: row.status as ReplayedStep['status'],
  attempt: row.attempt,
  execution: row.execution,
  output,
  error: row.error === null ? null : JSON.parse(row.error),
  inputFingerprint: row.inputFingerprint,
  childRunId: row.childRunId as ReplayedStep['childRunId'],
  spanId: row.spanId as ReplayedStep['spanId'],
  startedAt: row.startedAt,
  onInterrupted: row.onInterrupted as ReplayedStep['onInterrupted'],
})
