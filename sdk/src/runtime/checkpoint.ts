import { CairnError } from '../errors.ts'
import { LIMITS } from '../protocol/limits.ts'
import type { Checkpoint } from '../protocol/step.ts'
import type { JsonValue } from '../protocol/values.ts'
import type { SendOptions } from '../transport/checkpoint-sender.ts'
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
 * Stores a step's outcome as the agent's durability mode says, and obeys what the collector answers.
 * @throws {RunStoppedError} when the run must stop here
 */
export async function storeCheckpoint(
  env: ExecutionEnv,
  checkpoint: Omit<Checkpoint, 'runId' | 'execution' | 'output'>,
  { outputJson, ...options }: SendOptions & { outputJson?: string } = {},
): Promise<void> {
  const { id, execution } = env.claimed
  const head = JSON.stringify({ runId: id, execution, ...checkpoint })
  const json = outputJson === undefined ? head : `${head.slice(0, -1)},"output":${outputJson}}`
  await env.writer.write('checkpoints', json, options)
}

export async function emitItem(env: ExecutionEnv, name: string, dataJson: string): Promise<void> {
  env.emitted.count += 1
  const head = JSON.stringify({ runId: env.claimed.id, execution: env.claimed.execution, name, id: env.emitted.count })
  await env.writer.write('emitted', `${head.slice(0, -1)},"data":${dataJson}}`)
}
