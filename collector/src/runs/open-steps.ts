import type { RunRow, StepRow } from '@cairn/prisma'

/** A step with an effect that began in an execution which is over, and of which no outcome came: nobody knows whether it took place. */
export const isUnknown = (
  run: Pick<RunRow, 'status' | 'execution'>,
  step: Pick<StepRow, 'status' | 'execution' | 'onInterrupted'>,
): boolean => step.status === 'started' && step.onInterrupted !== null && (run.status !== 'running' || step.execution < run.execution)

/** An unknown step that a person must decide about before the run goes on. */
export const isUndecided = (run: RunRow, step: StepRow): boolean => isUnknown(run, step) && step.onInterrupted === 'ask'
