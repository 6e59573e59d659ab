import { diag } from '@opentelemetry/api'
import { CairnError } from '../errors.ts'
import type { AgentResult, ExecutionResult } from './execute-run.ts'
import type { ExecutionEnv } from './execution-env.ts'

/** Tells the collector how the execution ended. Where that is no longer ours to say, the execution counts as stopped. */
export async function reportOutcome(env: ExecutionEnv, { outcome, ...result }: AgentResult): Promise<ExecutionResult> {
  if (outcome === null) return result
  try {
    await env.runtime.sender.post(`/api/v1/runs/${env.claimed.id}/outcome`, JSON.stringify(outcome))
    return result
  } catch (error) {
    if (error instanceof CairnError && error.code === 'stale_execution') return { status: 'stopped', reason: 'stale_execution' }
    // The collector finds that nobody holds the run any more; the next execution replays every step of this one.
    diag.error(
      `Cairn: the outcome of run ${env.claimed.id} could not be reported: ${error instanceof Error ? error.message : String(error)}`,
    )
    return { status: 'stopped', reason: 'lease_lost' }
  }
}
