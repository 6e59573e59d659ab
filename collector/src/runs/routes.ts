import { countRunsByStatus, findRun, findStep, listAgents, listSteps, type RunRow } from '@cairn/prisma'
import {
  CheckpointBatch,
  ClaimRequest,
  ControlRun,
  CreateRun,
  ForkRun,
  ResumeRun,
  ResumeRuns,
  RunFilter,
  RunId,
  RunOutcome,
  StepKey,
} from '@cairn/sdk/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { projectOf } from '../auth/authenticate.ts'
import type { CollectorContext } from '../context.ts'
import { CollectorError, notFound } from '../errors.ts'
import { parse } from '../http/parse.ts'
import type { WorkerHub } from '../workers/hub.ts'
import { registerBulkActions } from './bulk/routes.ts'
import type { Checkpointer } from './checkpointer.ts'
import { claimWork } from './claim.ts'
import { controlRun } from './control-run.ts'
import { endRun } from './end-run.ts'
import { forkRun } from './fork.ts'
import { registerRunLists } from './list-routes.ts'
import { toNewRun, toRun } from './load-runs.ts'
import type { Notifier } from './notifier.ts'
import { isUnknown } from './open-steps.ts'
import { previewResume, resume } from './resume.ts'
import { resumeMany, showBulkResume, stopBulkResume } from './resume-many.ts'
import { COMMAND_MS, spendingOfSteps } from './spending.ts'
import { startRun } from './start-run.ts'
import { diffStates, stateAfter } from './state-at-step.ts'
import { storeBatch } from './store-batch.ts'
import { toNewlyClaimed } from './to-claimed.ts'
import { toStep } from './to-step.ts'
import { loadValue } from './value-store.ts'

export interface RunParts {
  readonly ctx: CollectorContext
  readonly checkpointer: Checkpointer
  readonly notifier: Notifier
  readonly hub: WorkerHub
}

const StateQuery = z.object({ step: StepKey.optional() })
const DiffQuery = z.object({ from: StepKey.optional(), to: StepKey.optional() })
/** `key`: that one alone. */
const StepsQuery = z.object({ key: StepKey.optional() })
const RunPath = z.object({ id: RunId })

/** The run of the path, in the caller's project. */
export async function runOf(ctx: CollectorContext, request: FastifyRequest): Promise<RunRow> {
  const { id } = parse(RunPath, request.params, 'path')
  const run = await findRun(ctx.pool, projectOf(request), id)
  if (run === undefined) throw notFound(`run ${id}`)
  return run
}

export function registerRunRoutes(app: FastifyInstance, parts: RunParts): void {
  registerRunLists(app, parts)
  registerBulkActions(app, parts)
  registerReads(app, parts)
  registerStarts(app, parts)
  registerCommands(app, parts)
  registerWorkerCalls(app, parts)
}

function registerReads(app: FastifyInstance, { ctx }: RunParts): void {
  app.get('/api/v1/runs/counts', async (request) => ({
    byStatus: await countRunsByStatus(ctx.pool, projectOf(request), parse(RunFilter, request.query, 'query')),
    agents: await listAgents(ctx.pool, projectOf(request)),
  }))

  app.get('/api/v1/runs/:id', async (request) => toRun(ctx, await runOf(ctx, request)))

  app.get('/api/v1/runs/:id/steps', async (request) => {
    const { key } = parse(StepsQuery, request.query, 'query')
    const run = await runOf(ctx, request)
    const steps =
      key === undefined ? await listSteps(ctx.pool, [run.id]) : [await findStep(ctx.pool, run.id, key)].filter((step) => step !== undefined)
    const spending = await spendingOfSteps(ctx, run, steps)
    return {
      items: await Promise.all(
        steps.map(async (step) =>
          toStep(
            isUnknown(run, step) ? { ...step, status: 'unknown' } : step,
            await loadValue(ctx.pool, run.projectId, { text: step.output, blob: step.outputBlob }),
            spending.get(step.key),
          ),
        ),
      ),
    }
  })

  app.get('/api/v1/runs/:id/state', async (request) => {
    const { step } = parse(StateQuery, request.query, 'query')
    return { step: step ?? null, state: await stateAfter(ctx, await runOf(ctx, request), step, 'query.step') }
  })

  app.get('/api/v1/runs/:id/state/diff', async (request) =>
    diffStates(ctx, await runOf(ctx, request), parse(DiffQuery, request.query, 'query')),
  )

  app.get('/api/v1/runs/:id/resume-preview', async (request) => previewResume(ctx, await runOf(ctx, request)))
}

function registerStarts(app: FastifyInstance, { ctx, notifier }: RunParts): void {
  app.post('/api/v1/runs', async (request, reply) => {
    const body = parse(CreateRun, request.body, 'body')
    const { run, created } = await startRun(ctx, projectOf(request), body)
    if (created) {
      notifier.statusChanged()
      if (run.status === 'queued') notifier.workReady(run.projectId, run.agent)
    }
    reply.code(created ? 201 : 200)
    const shown = created ? toNewRun(run, body) : await toRun(ctx, run, COMMAND_MS)
    return body.claim ? { ...shown, claimed: created ? toNewlyClaimed(run, body) : null } : shown
  })

  app.post('/api/v1/runs/:id/fork', async (request, reply) => {
    const origin = await runOf(ctx, request)
    const run = await forkRun(ctx, origin, parse(ForkRun, request.body, 'body'))
    notifier.statusChanged()
    notifier.workReady(run.projectId, run.agent)
    return reply.code(201).send(await toRun(ctx, run, COMMAND_MS))
  })
}

function registerCommands(app: FastifyInstance, parts: RunParts): void {
  const { ctx, notifier } = parts
  app.post('/api/v1/runs/:id/resume', async (request, reply) => {
    const { id } = parse(RunPath, request.params, 'path')
    const run = await resume(ctx, projectOf(request), id, parse(ResumeRun, request.body, 'body'))
    notifier.workReady(run.projectId, run.agent)
    notifier.runChanged(run.id)
    notifier.statusChanged()
    return reply.code(202).send(await toRun(ctx, run, COMMAND_MS))
  })

  app.post('/api/v1/runs/resume', async (request, reply) => {
    const body = parse(ResumeRuns, request.body, 'body')
    return reply.code(202).send(await resumeMany(ctx, projectOf(request), body))
  })

  app.get('/api/v1/runs/resume/:id', async (request) => {
    const { id } = parse(RunPath, request.params, 'path')
    return showBulkResume(ctx, projectOf(request), id)
  })

  app.delete('/api/v1/runs/resume/:id', async (request) => {
    const { id } = parse(RunPath, request.params, 'path')
    return stopBulkResume(ctx, projectOf(request), id)
  })

  for (const control of ['cancel', 'pause'] as const) {
    app.post(`/api/v1/runs/:id/${control}`, async (request, reply) => {
      const { id } = parse(RunPath, request.params, 'path')
      const { actor, reason } = parse(ControlRun, request.body, 'body')
      const run = await controlRun(parts, { projectId: projectOf(request), runId: id, control, actor, reason })
      return reply.code(202).send(await toRun(ctx, run, COMMAND_MS))
    })
  }
}

function registerWorkerCalls(app: FastifyInstance, parts: RunParts): void {
  const { ctx } = parts
  app.post('/api/v1/claims', async (request, reply) => {
    const abort = new AbortController()
    reply.raw.once('close', () => abort.abort())
    return claimWork(parts, projectOf(request), parse(ClaimRequest, request.body, 'body'), abort.signal)
  })

  app.post('/api/v1/checkpoints', async (request) => storeBatch(parts, projectOf(request), parse(CheckpointBatch, request.body, 'body')))

  app.post('/api/v1/runs/:id/outcome', async (request) => {
    const { id } = parse(RunPath, request.params, 'path')
    const outcome = parse(RunOutcome, request.body, 'body')
    const run = await endRun(parts, projectOf(request), id, outcome)
    if (run === undefined) return { status: await judgeLateOutcome(ctx, request, outcome) }
    return { status: run.status }
  })
}

/** A lost acknowledgement is sent again: the same outcome of the same execution is fine, anything else is stale. */
async function judgeLateOutcome(ctx: CollectorContext, request: FastifyRequest, outcome: z.infer<typeof RunOutcome>): Promise<string> {
  const run = await runOf(ctx, request)
  if (run.execution === outcome.execution && run.status === outcome.status) return run.status
  throw new CollectorError(
    'stale_execution',
    `The run is ${run.status} in execution ${run.execution}; execution ${outcome.execution} may not end it any more. Stop it here.`,
    { details: { status: run.status, execution: run.execution } },
  )
}
