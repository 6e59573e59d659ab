import type { Agent } from '../agent.ts'
import { type AgentDefinition, limitKeys, parseInput, toServedAgents } from '../agent-definition.ts'
import { AgentFailedError, CairnError } from '../errors.ts'
import { ClaimAnswer, type ClaimedRun } from '../protocol/claim.ts'
import type { SpanId } from '../protocol/ids.ts'
import { Run } from '../protocol/run.ts'
import { decodeValue, encodeValue } from '../protocol/values.ts'
import { sleepMs } from './abort.ts'
import { toStop } from './checkpoint-writer.ts'
import { executeRun } from './execute-run.ts'
import type { ExecutionEnv } from './execution-env.ts'
import { type StartedRun, startHere } from './start-here.ts'
import type { StepContext } from './step-options.ts'
import type { StepWork } from './step-spec.ts'

/** A dead worker's child is free when its lease has passed. */
const TAKEOVER_MS = 15_000
interface ChildCall {
  agent: Agent<never, unknown>
  input: unknown
  step: StepContext
  work: StepWork
}

/** Runs a child in this process: makes it, or takes over what an earlier execution left of it. */
export async function callChild(env: ExecutionEnv, { agent, input, step, work }: ChildCall): Promise<unknown> {
  const { definition } = agent
  const keys = limitKeys(definition, await parseInput(definition, input))
  const created = await createChild(env, definition, { input, keys, step, work })
  work.childRunId = created.id
  work.span.setAttribute('cairn.child.run.id', created.id)
  if (created.status === 'succeeded') return decodeValue(created.output)
  const taken = created.claimed ? { claimed: created.claimed } : await takeOver(env, definition, created, step)
  if ('output' in taken) return taken.output
  const result = await executeRun(env, definition, taken.claimed, { parent: { signal: step.signal, idle: env.idle } })
  if (result.status === 'succeeded') return result.value
  if (result.status === 'failed') throw result.error
  step.signal.throwIfAborted()
  env.stop.check()
  throw new CairnError(result.reason, `Child run ${created.id} of agent "${agent.name}" was stopped (${result.reason}).`)
}

async function createChild(
  env: ExecutionEnv,
  definition: AgentDefinition,
  call: Omit<ChildCall, 'agent'> & { keys: ReturnType<typeof limitKeys> },
): Promise<StartedRun> {
  const { spanId } = call.work.span.spanContext()
  const { claimed } = env
  const parent = {
    runId: claimed.id,
    execution: claimed.execution,
    stepKey: call.step.key,
    ...(/[^0]/.test(spanId) ? { spanId: spanId as SpanId } : {}),
  }
  const inherited = {
    ...(claimed.sessionId ? { sessionId: claimed.sessionId } : {}),
    ...(claimed.userId ? { userId: claimed.userId } : {}),
  }
  const request = { input: encodeValue(call.input), ...call.keys, parent, ...inherited }
  try {
    return await startHere(env, definition, request, { signal: call.step.signal, traceId: claimed.traceId })
  } catch (error) {
    throw toStop(env.stop, error)
  }
}

async function takeOver(
  env: ExecutionEnv,
  definition: AgentDefinition,
  child: StartedRun,
  step: StepContext,
): Promise<{ claimed: ClaimedRun } | { output: unknown }> {
  const { http } = env.runtime
  const request = { workerId: env.session.id, agents: toServedAgents([definition]), limit: 1, waitMs: 0, runId: child.id }
  for (const deadline = Date.now() + TAKEOVER_MS; ; ) {
    const answer = ClaimAnswer.parse(
      (await http.request({ method: 'POST', path: '/api/v1/claims', json: request, signal: step.signal })).body,
    )
    const claimed = answer.runs[0]
    if (claimed) return { claimed }
    const run = Run.parse((await http.request({ method: 'GET', path: `/api/v1/runs/${child.id}`, signal: step.signal })).body)
    if (run.status === 'succeeded') return { output: decodeValue(run.output) }
    if (run.version !== null && run.version !== definition.version && run.status !== 'running')
      throw new AgentFailedError(run.id, { type: 'VersionMismatch', message: `Child run ${run.id} asks for version ${run.version}.` })
    if (Date.now() > deadline) throw new CairnError('conflict', `Child run ${child.id} is still ${run.status} in another worker.`)
    await sleepMs(200, step.signal)
  }
}
