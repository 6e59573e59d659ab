import { ResumePreview, Run } from '@cairn/sdk/protocol'
import type { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { ApiClient } from '../api/client.ts'
import { pause } from '../api/events.ts'
import { actorOf } from '../commands/actor.ts'
import { CliError } from '../errors.ts'
import { runIdOf } from '../options.ts'
import { formatUsd } from '../text/format.ts'
import { toFoundRun } from './find-tools.ts'
import { Notice, Override, RunIdInput, WaitSeconds } from './inputs.ts'
import { answer, clip, refusal, type ToolAnswer } from './untrusted.ts'

const LOOK_MS = 500
const ENDED = ['succeeded', 'failed', 'cancelled', 'crashed', 'paused']

const actor = () => `${actorOf()} by mcp`.slice(0, 200)
const Reason = z.string().max(2_000).optional().describe('Why, for the run’s log')
const CommandOutput = z.object({ notice: Notice, run: z.record(z.string(), z.unknown()) })

const tool =
  <T>(work: (input: T) => Promise<ToolAnswer>) =>
  (input: T): Promise<ToolAnswer> =>
    work(input).catch(refusal)

/** Tools that change something: left out with --read-only. */
export function addCommandTools(server: McpServer, api: ApiClient, now: () => number): void {
  /** The run once it has ended in an execution after `execution`, or as it stands when time is up. */
  const settled = async (id: string, execution: number, waitSeconds: number): Promise<ToolAnswer> => {
    const until = now() + waitSeconds * 1_000
    for (;;) {
      const { value: run } = await api.get(`/api/v1/runs/${id}`, Run)
      if ((run.execution > execution && ENDED.includes(run.status)) || now() >= until) {
        const found = {
          ...toFoundRun(run, now()),
          ...(run.status === 'succeeded' ? { output: clip(JSON.stringify(run.output), 2_000) } : {}),
        }
        return answer([JSON.stringify(found, null, 1)], { run: found })
      }
      await pause(LOOK_MS, new AbortController().signal)
    }
  }
  // A resumed run executes the agent's code: what its steps do to the world is theirs.
  const runsCode = { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true } as const

  server.registerTool(
    'resume_run',
    {
      title: 'Resume a run',
      description:
        'Goes on with a failed, crashed, paused or cancelled run from its last checkpoint; finished steps are not run (or paid for) again. Ask the person first. preview: true only tells what would happen. Steps of unknown effect need an override each.',
      inputSchema: z.object({
        runId: RunIdInput,
        preview: z.boolean().default(false).describe('Only say what it would do'),
        overrides: z.array(Override).max(100).optional(),
        version: z.string().max(200).optional().describe('In this version of the agent’s code'),
        reason: Reason,
        waitSeconds: WaitSeconds,
      }),
      outputSchema: CommandOutput,
      annotations: runsCode,
    },
    tool(async ({ runId, preview: onlyPreview, overrides, version, reason, waitSeconds }) => {
      const id = runIdOf(runId)
      const { value: preview } = await api.get(`/api/v1/runs/${id}/resume-preview`, ResumePreview)
      if (onlyPreview) {
        const keys = (steps: readonly { key: string }[]) => steps.slice(0, 100).map(({ key }) => clip(key, 200))
        const told = {
          resumable: preview.resumable,
          reason: preview.reason,
          fromCheckpoints: keys(preview.replays),
          runsAgain: keys(preview.reruns),
          needDecision: keys(preview.undecided),
          saves: formatUsd(preview.saves),
          liveWorkers: preview.liveWorkers,
          versions: preview.availableVersions,
        }
        return answer([JSON.stringify(told, null, 1)], { run: { id, ...told } })
      }
      if (!preview.resumable)
        throw new CliError('failure', preview.reason ?? 'The run is not resumable.', { answer: { code: 'not_resumable' } })
      const decided = new Set(overrides?.map(({ step }) => step))
      const open = preview.undecided.filter(({ key }) => !decided.has(key)).map(({ key }) => key)
      if (open.length > 0)
        throw new CliError('failure', `Nobody knows whether the effect of ${JSON.stringify(open).slice(0, 2_000)} took place.`, {
          // The keys are the agent's.
          answer: { code: 'undecided_steps' },
          remedy: 'Ask the person, then give an override for each: { step, retry: true } or { step, output }.',
        })
      await api.post(`/api/v1/runs/${id}/resume`, Run, { actor: actor(), reason, overrides, version })
      return settled(id, preview.fromExecution, waitSeconds)
    }),
  )

  server.registerTool(
    'fork_run',
    {
      title: 'Fork a run',
      description:
        'A new run that shares the checkpoints before a step and runs anew from there: to try a mended prompt, input or state. The origin stays as it is. Ask the person first.',
      inputSchema: z.object({
        runId: RunIdInput,
        fromStep: z.string().min(1).max(1_000).describe('Key of the first step that runs anew'),
        input: z.unknown().optional().describe('Another input, as JSON'),
        state: z.unknown().optional().describe('Another state at that step, as JSON'),
        overrides: z.array(Override).max(100).optional(),
        waitSeconds: WaitSeconds,
      }),
      outputSchema: CommandOutput,
      annotations: runsCode,
    },
    tool(async ({ runId, fromStep, input, state, overrides, waitSeconds }) => {
      const { value: run } = await api.post(`/api/v1/runs/${runIdOf(runId)}/fork`, Run, { fromStep, input, state, overrides })
      return settled(run.id, 0, waitSeconds)
    }),
  )

  server.registerTool(
    'cancel_run',
    {
      title: 'Cancel a run',
      description: 'Stops a run at its next step. Ask the person first.',
      inputSchema: z.object({ runId: RunIdInput, reason: Reason }),
      outputSchema: CommandOutput,
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    },
    tool(async ({ runId, reason }) => {
      const { value: run } = await api.post(`/api/v1/runs/${runIdOf(runId)}/cancel`, Run, { actor: actor(), reason })
      const found = toFoundRun(run, now())
      return answer([JSON.stringify(found, null, 1)], { run: found })
    }),
  )
}
