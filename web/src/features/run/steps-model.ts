import type { Step } from '@cairn/sdk/protocol'
import { Big } from 'big.js'

export const STEP_COLUMNS = ['number', 'step', 'kind', 'status', 'attempt', 'execution', 'duration', 'tokens', 'cost'] as const
export type StepColumn = (typeof STEP_COLUMNS)[number]

export interface StepRow {
  readonly step: Step
  /** Its place in the run, from 1. */
  readonly number: number
  readonly durationMs: number | null
  /** It came back from its checkpoint in a later execution instead of running again. */
  readonly isReplayed: boolean
}

export function toRows(steps: readonly Step[], execution: number): StepRow[] {
  return steps.map((step, i) => ({
    step,
    number: i + 1,
    // One that was given by hand has a time, but took none.
    durationMs: step.endedAt === null || step.givenByHand ? null : Date.parse(step.endedAt) - Date.parse(step.startedAt),
    isReplayed: step.status === 'succeeded' && step.execution < execution,
  }))
}

export interface StepOrder {
  readonly sort: StepColumn
  readonly down: boolean
}

/** Rows whose key, kind, status or error has the text, in an order; what is unknown comes last either way. */
export function showRows(rows: readonly StepRow[], text: string, { sort, down }: StepOrder): StepRow[] {
  const sought = text.trim().toLowerCase()
  const kept = rows.filter(({ step }) =>
    [step.key, step.kind, step.status, step.error?.type, step.error?.message].some((value) => value?.toLowerCase().includes(sought)),
  )
  const sign = down ? -1 : 1
  return kept.sort((a, b) => {
    const left = columnValue(a, sort)
    const right = columnValue(b, sort)
    if (left === null || right === null) return left === right ? a.number - b.number : left === null ? 1 : -1
    return sign * compare(left, right) || a.number - b.number
  })
}

type Value = string | number | Big

function compare(a: Value, b: Value): number {
  if (a instanceof Big && b instanceof Big) return a.cmp(b)
  return a < b ? -1 : a > b ? 1 : 0
}

function columnValue({ step, number, durationMs }: StepRow, column: StepColumn): Value | null {
  switch (column) {
    case 'number':
      return number
    case 'step':
      return step.key
    case 'kind':
      return step.kind
    case 'status':
      return step.status
    case 'attempt':
      return step.attempt
    case 'execution':
      return step.execution
    case 'duration':
      return durationMs
    case 'tokens':
      return step.usage.total
    case 'cost':
      return step.cost.total === null ? null : new Big(step.cost.total)
  }
}
