import {
  claimLimitedRuns,
  claimRuns,
  isLimited,
  listExecutions,
  listSteps,
  type RunRow,
  type ServedAgentRow,
  setSavedUsd,
} from '@cairn/prisma'
import type { ClaimAnswer, ClaimRequest, ServedAgent } from '@cairn/sdk/protocol'
import type { CollectorContext } from '../context.ts'
import { claimInTurn } from './claim-in-turn.ts'
import type { Notifier } from './notifier.ts'
import { addUsd, isKnown, spendingOfSteps } from './spending.ts'
import { leaseWorker } from './start-run.ts'
import { toClaimed } from './to-claimed.ts'

/** Even without a notice a waiting claim looks again this often: another collector may have queued the run. */
const LOOK_AGAIN_MS = 1_000

/** Gives a worker due runs, waiting up to `waitMs` for the first. */
export async function claimWork(
  parts: { ctx: CollectorContext; notifier: Notifier },
  projectId: string,
  request: ClaimRequest,
  signal: AbortSignal,
): Promise<ClaimAnswer> {
  const { ctx, notifier } = parts
  await leaseWorker(ctx, projectId, request.workerId)
  const deadline = Date.now() + request.waitMs
  const wanted = new Set(request.agents.map((agent) => agent.name))
  const agents = request.agents.map(toServedRow)
  for (const agent of agents) notifier.noteLimits(projectId, agent.name, isLimited(agent))
  for (;;) {
    // Listening starts before the look, so that what is queued in between is not missed.
    const news = waitForWork(notifier, projectId, wanted, Math.min(LOOK_AGAIN_MS, Math.max(0, deadline - Date.now())), signal)
    const rows = await claimDue(parts, { projectId, request, agents, signal })
    if (rows.length > 0 || Date.now() >= deadline) {
      news.stop()
      for (const row of rows) notifier.runChanged(row.id)
      if (rows.length > 0) notifier.statusChanged()
      const runs = await toClaimed(ctx, rows)
      for (const row of rows) if (row.execution > 1) noteSavings(parts, row)
      return { runs }
    }
    await news.heard
    // Nobody is there to hear the answer: work claimed now would be lost.
    if (signal.aborted) return { runs: [] }
  }
}

const toServedRow = (agent: ServedAgent): ServedAgentRow => ({
  name: agent.name,
  versions: agent.versions,
  codeRevision: agent.codeRevision ?? null,
  steps: agent.steps ?? null,
  recovery: agent.recovery ?? null,
  pin: agent.pin,
  limits: { concurrency: agent.concurrency?.limit ?? null, rate: agent.rateLimit ?? null },
})

interface DueClaim {
  readonly projectId: string
  readonly request: ClaimRequest
  readonly agents: readonly ServedAgentRow[]
  readonly signal: AbortSignal
}

/** A named run is a child that its parent waits for: limits would have the two wait for each other. */
async function claimDue({ ctx }: { ctx: CollectorContext }, { projectId, request, agents, signal }: DueClaim): Promise<RunRow[]> {
  const claim = { projectId, workerId: request.workerId, limit: request.limit, agents }
  const { runId } = request
  if (runId !== undefined || !agents.some(isLimited)) return claimRuns(ctx.pool, { ...claim, runId: runId ?? null })
  return claimInTurn(ctx.pool, projectId, async () => (signal.aborted ? [] : claimLimitedRuns(ctx.pool, claim)))
}

function waitForWork(notifier: Notifier, projectId: string, agents: ReadonlySet<string>, ms: number, signal: AbortSignal) {
  const { promise, resolve } = Promise.withResolvers<void>()
  const off = notifier.onWorkReady((project, agent) => {
    if (project === projectId && agents.has(agent)) resolve()
  })
  const timer = setTimeout(resolve, ms)
  signal.addEventListener('abort', () => resolve(), { once: true })
  const stop = () => {
    off()
    clearTimeout(timer)
    resolve()
  }
  return { heard: promise.finally(stop), stop }
}

/** How long a sum waits for a ClickHouse that doesn't answer, each time in milliseconds. Then it stays unknown. */
const SUM_AGAIN_MS = [10_000, 60_000, 600_000] as const

/** A later execution saves what the steps it replays had cost; known when their spans are summed, so the worker doesn't wait for it. */
function noteSavings({ ctx, notifier }: { ctx: CollectorContext; notifier: Notifier }, row: RunRow, attempt = 0): void {
  noteSaved(ctx, row).then(
    () => notifier.statusChanged(),
    (error: unknown) => {
      const waitMs = SUM_AGAIN_MS[attempt]
      ctx.log.warn({ err: error, runId: row.id, againInMs: waitMs }, 'what the resume saved could not be noted')
      if (waitMs !== undefined) setTimeout(() => noteSavings({ ctx, notifier }, row, attempt + 1), waitMs).unref()
    },
  )
}

async function noteSaved(ctx: CollectorContext, row: RunRow): Promise<void> {
  const before = (await listExecutions(ctx.pool, [row.id])).find((execution) => execution.number === row.execution - 1)
  // Coming back from a wait is the plan, not a rescue.
  if (before?.outcome === 'waiting') return
  const steps = await listSteps(ctx.pool, [row.id])
  const replayed = steps.filter((step) => step.status === 'succeeded' && step.execution < row.execution)
  if (replayed.length === 0) return
  const spending = await spendingOfSteps(ctx, row, replayed)
  if (!isKnown(spending.values())) throw new Error('What its steps had cost is not known now.')
  await setSavedUsd(ctx.pool, row.id, row.execution, addUsd(replayed.map((step) => spending.get(step.key)?.knownUsd ?? '0')))
}
