import { listStatePatches, listSteps, type RunRow, type StatePatchRow, type StepRow } from '@cairn/prisma'
import type { JsonValue, RunStateDiff } from '@cairn/sdk/protocol'
import { createPatch } from 'rfc6902'
import type { CollectorContext } from '../context.ts'
import { CollectorError, notFound } from '../errors.ts'
import { foldState } from './state.ts'

/**
 * The state of a run after a finished step; without one, the newest.
 * @throws {CollectorError} `not_found` for a step that has not finished
 */
export async function stateAfter(ctx: CollectorContext, run: RunRow, step: string | undefined, field: string): Promise<JsonValue> {
  const [patches, steps] = await Promise.all([listStatePatches(ctx.pool, [run.id]), listSteps(ctx.pool, [run.id])])
  return fold(patches, steps, step, field)
}

/** What changed between the states after two steps; without `from` since the start, without `to` until now. */
export async function diffStates(
  ctx: CollectorContext,
  run: RunRow,
  { from, to }: { from?: string | undefined; to?: string | undefined },
): Promise<RunStateDiff> {
  const [patches, steps] = await Promise.all([listStatePatches(ctx.pool, [run.id]), listSteps(ctx.pool, [run.id])])
  const before = from === undefined ? {} : fold(patches, steps, from, 'query.from')
  return { from: from ?? null, to: to ?? null, patch: createPatch(before, fold(patches, steps, to, 'query.to')) }
}

function fold(patches: readonly StatePatchRow[], steps: readonly StepRow[], key: string | undefined, field: string): JsonValue {
  if (key === undefined) return foldState(patches.map(({ patch }) => patch))
  const last = steps.find((step) => step.key === key)
  if (last === undefined) throw notFound(`step ${key} (${field})`)
  if (last.status !== 'succeeded')
    throw new CollectorError('conflict', `Step ${key} (${field}) has ${last.status}: only a finished step has a state after it.`)
  const seqOf = new Map(steps.map((step) => [step.key, Number(step.seq)]))
  // Steps that were stored together have their changes after all of them: what counts is the step that a change came with.
  const upTo = patches.filter(
    ({ stepKey, seq }) => (stepKey === null ? Number(seq) : (seqOf.get(stepKey) ?? Number(seq))) <= Number(last.seq),
  )
  return foldState(upTo.map(({ patch }) => patch))
}
