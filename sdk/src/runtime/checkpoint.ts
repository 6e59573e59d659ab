import { CairnError } from '../errors.ts'
import { LIMITS } from '../protocol/limits.ts'
import type { Checkpoint } from '../protocol/step.ts'
import type { JsonValue } from '../protocol/values.ts'
import { raceAbort } from './abort.ts'
import type { ExecutionEnv } from './execution-env.ts'

/** JSON text of a value, within the limit of the collector. */
export function toJsonText(encoded: JsonValue, what: string): string {
  const text = JSON.stringify(encoded)
  // A character is at most 3 bytes of UTF-8: counting bytes is only needed near the limit.
  if (text.length * 3 > LIMITS.valueBytes && Buffer.byteLength(text) > LIMITS.valueBytes)
    throw new CairnError(
      'payload_too_large',
      `${what} has ${Buffer.byteLength(text)} bytes; the limit is ${LIMITS.valueBytes}. Store it by run.artifact() and return its name.`,
    )
  return text
}

/**
 * Stores a step's outcome and obeys what the collector answers.
 * @throws {RunStoppedError} when the run must stop here
 */
export async function storeCheckpoint(
  env: ExecutionEnv,
  checkpoint: Omit<Checkpoint, 'runId' | 'execution' | 'output'>,
  outputJson?: string,
): Promise<void> {
  const { id, execution } = env.claimed
  const head = JSON.stringify({ runId: id, execution, ...checkpoint })
  const json = outputJson === undefined ? head : `${head.slice(0, -1)},"output":${outputJson}}`
  await send(env, 'checkpoints', json)
}

export async function emitItem(env: ExecutionEnv, name: string, dataJson: string): Promise<void> {
  const head = JSON.stringify({ runId: env.claimed.id, execution: env.claimed.execution, name })
  await send(env, 'emitted', `${head.slice(0, -1)},"data":${dataJson}}`)
}

async function send(env: ExecutionEnv, list: 'checkpoints' | 'emitted', json: string): Promise<void> {
  const { stop, runtime } = env
  let control: 'pause' | 'cancel' | null
  try {
    control = (await raceAbort(runtime.sender.send(list, json), stop.signal)).control
  } catch (error) {
    throw toStop(env, error)
  }
  if (control !== null) throw stop.stop(control === 'cancel' ? 'run_cancelled' : 'run_paused')
}

/** Errors of the collector that end the execution here; others are the step's. */
export function toStop(env: ExecutionEnv, error: unknown): unknown {
  if (!(error instanceof CairnError)) return error
  if (error.code === 'stale_execution') return env.stop.stop('stale_execution')
  if (error.code === 'collector_unreachable' || error.code === 'unavailable') return env.stop.stop('lease_lost')
  return error
}
