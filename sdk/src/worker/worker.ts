import { diag } from '@opentelemetry/api'
import { type AgentDefinition, toServedAgents } from '../agent-definition.ts'
import { CairnError } from '../errors.ts'
import { ClaimAnswer, type ClaimedRun } from '../protocol/claim.ts'
import { sleepMs } from '../runtime/abort.ts'
import { executeRun } from '../runtime/execute-run.ts'
import type { Runtime } from '../runtime/execution-env.ts'
import { backoffDelayMs } from '../runtime/retry.ts'
import { WorkerSession } from './session.ts'

export interface ServeOptions {
  /** Runs at the same time. Default: 10. */
  capacity?: number
  /** Stops the worker when it fires. */
  signal?: AbortSignal
  /** Whether SIGTERM and SIGINT stop the worker and then the process. Default: `true`. */
  handleSignals?: boolean
  /**
   * A run that only waits (asleep, for a signal, for such a child) is let go after this long, in milliseconds, and needs no process
   * until there is something to do. Default: 2,000; `Infinity`: never.
   */
  releaseAfterMs?: number
  /** How long a stop waits for steps in flight before it aborts them, in milliseconds. Default: 10,000. */
  stopTimeoutMs?: number
}

const CLAIM_WAIT_MS = 20_000
const BACKOFF = { backoffMs: 100, maxBackoffMs: 5_000 }
/** After its steps were aborted, a run has this long to unwind. */
const ABORT_MS = 3_000
/** How long a stop waits for a collector that is away, in milliseconds. */
const DRAIN_MS = 2_000

/** A process's side of serving agents: asks for runs while there is room, and executes them. */
export class Worker {
  readonly #runtime: Runtime
  readonly #session: WorkerSession
  readonly #definitions: readonly AgentDefinition[]
  readonly #capacity: number
  readonly #stopTimeoutMs: number
  readonly #releaseAfterMs: number | null
  readonly #stopping = new AbortController()
  readonly #running = new Set<Promise<void>>()
  #wake = new AbortController()
  #stopped: Promise<void> | null = null
  #loop: Promise<void> | null = null

  constructor(runtime: Runtime, definitions: readonly AgentDefinition[], options: ServeOptions) {
    this.#runtime = runtime
    this.#definitions = definitions
    this.#capacity = options.capacity ?? 10
    this.#stopTimeoutMs = options.stopTimeoutMs ?? 10_000
    const releaseAfterMs = options.releaseAfterMs ?? 2_000
    this.#releaseAfterMs = Number.isFinite(releaseAfterMs) ? releaseAfterMs : null
    this.#session = new WorkerSession(runtime.config, {
      agents: toServedAgents(definitions),
      capacity: this.#capacity,
      onWork: () => this.#wake.abort(),
    })
  }

  /** As the collector knows it. Changes if the collector has taken this worker for dead. */
  get id(): string {
    return this.#session.id
  }

  /** Runs that are executed here now, children included. */
  get heldRuns(): number {
    return this.#session.heldRuns
  }

  /** Connects, and asks for work from then on. */
  async start(): Promise<void> {
    try {
      await this.#session.connect()
    } catch (error) {
      await this.#session.close()
      throw error
    }
    this.#loop = this.#claimLoop()
  }

  /**
   * Stops: takes no more runs, lets steps in flight finish and be checkpointed, hands the runs back for other workers to go
   * on with, says goodbye. Safe to call twice.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<void> {
    this.#stopping.abort()
    this.#wake.abort()
    this.#session.drainAll()
    await this.#loop
    if (!(await this.#allDone(this.#stopTimeoutMs))) {
      this.#session.stopAll('worker_stopping')
      await this.#allDone(ABORT_MS)
    }
    await this.#runtime.telemetry.flush()
    // Runs whose end is on its way are not handed back.
    await this.#runtime.sender.drained(DRAIN_MS)
    await this.#session.close()
  }

  async #allDone(timeoutMs: number): Promise<boolean> {
    const limit = new AbortController()
    const done = Promise.allSettled([...this.#running]).then(() => true)
    const first = await Promise.race([
      done,
      sleepMs(timeoutMs, limit.signal).then(
        () => false,
        () => false,
      ),
    ])
    limit.abort()
    return first
  }

  async #claimLoop(): Promise<void> {
    let failures = 0
    while (!this.#stopping.signal.aborted) {
      const free = this.#capacity - this.#running.size
      if (free <= 0 || !this.#session.isConnected) {
        await this.#idle(1_000)
        continue
      }
      try {
        for (const claimed of await this.#claim(free)) this.#execute(claimed)
        failures = 0
      } catch (error) {
        if (this.#stopping.signal.aborted) return
        failures++
        diag.warn(`Cairn: asking for work failed, trying again: ${error instanceof Error ? error.message : String(error)}`)
        await this.#idle(backoffDelayMs(BACKOFF, failures))
      }
    }
  }

  async #claim(limit: number): Promise<ClaimedRun[]> {
    const { body } = await this.#runtime.http.request({
      method: 'POST',
      path: '/api/v1/claims',
      json: { workerId: this.#session.id, agents: toServedAgents(this.#definitions), limit, waitMs: CLAIM_WAIT_MS },
      timeoutMs: CLAIM_WAIT_MS + 10_000,
      retryForMs: 0,
      signal: this.#stopping.signal,
    })
    return ClaimAnswer.parse(body).runs
  }

  #execute(claimed: ClaimedRun): void {
    const run = this.#executeOne(claimed)
      .catch((error: unknown) =>
        diag.error(`Cairn: run ${claimed.id} broke off: ${error instanceof Error ? error.message : String(error)}`),
      )
      .finally(() => {
        this.#running.delete(run)
        this.#wake.abort()
      })
    this.#running.add(run)
  }

  async #executeOne(claimed: ClaimedRun): Promise<void> {
    const sameName = this.#definitions.filter((definition) => definition.name === claimed.agent)
    const definition = sameName.find(({ version }) => version === claimed.version) ?? sameName[0]
    if (definition === undefined) throw new CairnError('internal', `it is of agent "${claimed.agent}", which this worker doesn't serve`)
    const host = { runtime: this.#runtime, session: this.#session }
    await executeRun(host, definition, claimed, { releaseAfterMs: this.#releaseAfterMs })
  }

  /** Waits until something has changed, at most this long. */
  async #idle(timeoutMs: number): Promise<void> {
    if (this.#wake.signal.aborted) this.#wake = new AbortController()
    await sleepMs(timeoutMs, this.#wake.signal).catch(() => {})
  }
}
