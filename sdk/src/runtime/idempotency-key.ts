import { createHash } from 'node:crypto'

/** A key for the other side of a step: the same in every attempt and execution, of a length that every API takes. */
export function idempotencyKey(runId: string, stepKey: string): string {
  return `${runId}-${createHash('sha256').update(stepKey).digest('hex').slice(0, 16)}`
}
