import { context, type Span, trace } from '@opentelemetry/api'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { Agent, type AgentHost } from './agent.ts'
import type { AgentDefinition } from './agent-definition.ts'
import { type CairnOptions, type Config, parseConfig, requireNode } from './config.ts'
import { CairnError, isAway } from './errors.ts'
import { CheckpointJournals } from './journal/checkpoint-journals.ts'
import { toLimits } from './limits.ts'
import { openTelemetry, type Telemetry } from './otel/telemetry.ts'
import { Name, RecoveryPolicy } from './protocol/run.ts'
import { RunHandle } from './run-handle.ts'
import type { Durability } from './runtime/checkpoint-writer.ts'
import type { Duration } from './runtime/duration.ts'
import type { Runtime } from './runtime/execution-env.ts'
import type { Run } from './runtime/run.ts'
import { markFailed } from './runtime/step-attempts.ts'
import { Schedule, type ScheduleOptions } from './schedule.ts'
import { CheckpointSender } from './transport/checkpoint-sender.ts'
import { CheckpointSocket } from './transport/checkpoint-socket.ts'
import { HttpClient } from './transport/http-client.ts'
import { handleSignals } from './worker/handle-signals.ts'
import { WorkerSession } from './worker/session.ts'
import { type ServeOptions, Worker } from './worker/worker.ts'

export interface AgentOptions<Input = never> {
  /** Unique in the project; workers and pages know the agent by it. */
  name: string
  /** Of the agent's code; recorded with each execution. Default: `1`. */
  version?: string
  /** What happens after a crash. Default: another worker takes over, at most 3 times without a new checkpoint. */
  recovery?: { mode?: 'auto' | 'manual'; maxAttempts?: number; backoffMs?: number }
  /**
   * `version`: a run that was begun in one version goes on only in that, and waits until a worker serves it; a resume that names
   * another version wins. Default: any version goes on with it.
   */
  pin?: 'version'
  /**
   * When a step's outcome is stored. `sync` (default): before the step returns. `async`: behind it, in order; a crash loses the last
   * few, which run again. `exit`: when the run ends or stops; a crash loses all since then. The run's end waits in every mode.
   */
  durability?: Durability
  /**
   * Runs at the same time over all workers, at most; a run past it waits in the queue. With `key`, each key has a limit of its own.
   * Runs by `agent.run()` and `run.call()` don't wait, but count.
   */
  concurrency?: { limit: number; key?: (input: Input) => string }
  /** Starts of runs in a period over all workers: `limit` at once, then evenly. With `key`, each key has a limit of its own. */
  rateLimit?: { limit: number; period: Duration; key?: (input: Input) => string }
  /** Steps that a whole run takes, where that is known: shown as "step 12 of 15". */
  steps?: number
}

/** An agent whose input is checked by a Standard Schema (zod, valibot, arktype, …). */
export interface AgentOptionsWithInput<Schema extends StandardSchemaV1> extends AgentOptions<StandardSchemaV1.InferOutput<Schema>> {
  input: Schema
}

/**
 * The way in: makes agents, serves them, starts their runs. One for a process is enough.
 * @example
 * const cairn = new Cairn()
 * const research = cairn.agent({ name: 'research', version: '3', input: Question }, async (run, question) => {
 *   const plan = await run.step('plan', () => makePlan(question))
 *   return run.model('answer', () => openai.responses.create({ model: 'gpt-5', input: plan }))
 * })
 * await cairn.serve([research])
 */
export class Cairn {
  readonly config: Config
  readonly #http: HttpClient
  readonly #journals: CheckpointJournals | null
  readonly #sender: CheckpointSender
  readonly #schedules = new Map<string, Schedule>()
  readonly #workers = new Map<Worker, () => void>()
  #telemetry: Promise<Telemetry> | null = null
  #local: WorkerSession | null = null
  /** No collector was there when the first run began here. */
  #goesAlone = false

  /** @throws {CairnError} `invalid_config`, naming the option and its environment variable */
  constructor(options: CairnOptions = {}) {
    requireNode(process.versions.node)
    this.config = parseConfig(options, process.env)
    this.#http = new HttpClient(this.config)
    this.#journals = this.config.outage === 'continue' ? new CheckpointJournals(this.config, this.#http) : null
    const { checkpointTimeoutMs: waitMs, journalAfterMs } = this.config
    this.#sender = new CheckpointSender(this.#http, {
      socket: new CheckpointSocket(this.config),
      waitMs,
      journalAfterMs,
      journal: this.#journals?.open ?? null,
    })
  }

  /**
   * Makes an agent of a function. Whatever it does by `run.step`, `run.tool` and `run.model` is done once, in whatever process.
   * @throws {CairnError} `invalid_config` for a name, version or policy that isn't valid
   * @example
   * const greet = cairn.agent({ name: 'greet', version: '1', input: z.object({ name: z.string() }) }, async (run, { name }) =>
   *   run.step('compose', () => `Hello, ${name}`))
   */
  agent<Schema extends StandardSchemaV1, Output>(
    options: AgentOptionsWithInput<Schema>,
    fn: (run: Run, input: StandardSchemaV1.InferOutput<Schema>) => Output,
  ): Agent<StandardSchemaV1.InferInput<Schema>, Awaited<Output>>
  agent<Input, Output>(
    options: AgentOptions<Input> & { input?: undefined },
    fn: (run: Run, input: Input) => Output,
  ): Agent<Input, Awaited<Output>>
  agent(options: AgentOptions & { input?: StandardSchemaV1 | undefined }, fn: (run: Run, input: never) => unknown): Agent<never, unknown> {
    return new Agent(this.#host, toDefinition(options, fn, this.config.codeRevision))
  }

  /**
   * Runs of an agent that begin by themselves, at the times of a cron expression. The collector is told when this process serves the
   * agent, or by the schedule's `register()`; it makes each run once, also if no worker is there, and remembers the schedule until it
   * is deleted there (`DELETE /api/v1/schedules/{name}`).
   * @throws {CairnError} `invalid_config` for a name that isn't valid, or that a schedule of this Cairn has
   * @example cairn.schedule('nightly', { agent: research, cron: '0 3 * * *', timezone: 'Europe/Berlin', input: { topic: 'tides' } })
   */
  schedule<Input>(name: string, options: ScheduleOptions<Input>): Schedule {
    if (!Name.safeParse(name).success) throw new CairnError('invalid_config', 'A schedule needs a name of 1 to 200 characters.')
    if (this.#schedules.has(name))
      throw new CairnError('invalid_config', `There is a schedule "${name}" already: give this one another name.`)
    const schedule = new Schedule(this.#http, name, options as ScheduleOptions<never>)
    this.#schedules.set(name, schedule)
    return schedule
  }

  /**
   * Serves agents from this process, and registers their schedules. Done once the worker is connected and asks for work.
   * @throws {CairnError} `collector_unreachable`, `unauthorized`; `invalid_request` for a schedule
   * @example const worker = await cairn.serve([research, writer], { capacity: 20 })
   */
  async serve(agents: readonly Pick<Agent<never, unknown>, 'definition'>[], options: ServeOptions = {}): Promise<Worker> {
    if (agents.length === 0) throw new CairnError('invalid_config', 'serve() needs at least one agent.')
    options.signal?.throwIfAborted()
    const definitions = agents.map((agent) => agent.definition)
    const served = new Set(definitions.map((definition) => definition.name))
    for (const schedule of this.#schedules.values()) if (served.has(schedule.agentName)) await schedule.register()
    const worker = new Worker(await this.#host.open(), definitions, options)
    await worker.start()
    this.#workers.set(worker, options.handleSignals === false ? () => {} : handleSignals(worker))
    options.signal?.addEventListener('abort', () => void this.#stopWorker(worker), { once: true })
    return worker
  }

  /** A handle on a run that was started before, here or elsewhere. */
  handle<Output = unknown>(runId: string): RunHandle<Output> {
    return new RunHandle<Output>(this.#http, runId)
  }

  /**
   * Runs a function under a span of its own, also outside runs.
   * @throws what the function threw
   * @example await cairn.span('load index', () => loadIndex())
   */
  async span<T>(name: string, fn: (span: Span) => T): Promise<Awaited<T>> {
    const { tracer } = await this.#openTelemetry()
    const span = tracer.startSpan(name)
    try {
      return await context.with(trace.setSpan(context.active(), span), () => fn(span))
    } catch (error) {
      markFailed(span, error)
      throw error
    } finally {
      span.end()
    }
  }

  /** Waits until the collector has every span that has ended, at most 10 s. Never rejects. */
  async flush(): Promise<void> {
    const telemetry = await this.#telemetry
    await telemetry?.flush()
  }

  /** Stops this Cairn's workers, sends what is left, and closes its connections. */
  async close(): Promise<void> {
    await Promise.all([...this.#workers.keys()].map((worker) => this.#stopWorker(worker)))
    await this.#sender.drained(CLOSE_MS)
    await this.#local?.close()
    await this.#sender.close()
    await this.#journals?.close()
    const telemetry = await this.#telemetry
    await telemetry?.close()
  }

  readonly #host: AgentHost = {
    open: () => this.#open(),
    localSession: () => this.#localSession(),
    http: () => this.#http,
  }

  async #open(): Promise<Runtime> {
    const [telemetry] = await Promise.all([this.#openTelemetry(), this.#journals?.recover()])
    return { config: this.config, http: this.#http, sender: this.#sender, telemetry }
  }

  #openTelemetry(): Promise<Telemetry> {
    this.#telemetry ??= openTelemetry(this.config)
    return this.#telemetry
  }

  /** Holds the leases of runs that `agent.run()` executes here. */
  async #localSession(): Promise<WorkerSession> {
    this.#local ??= new WorkerSession(this.config, { agents: [], capacity: 1_000 })
    try {
      // Whoever has waited in vain once doesn't wait again: the session tries on by itself.
      if (!this.#goesAlone || this.#local.isConnected)
        await this.#local.connect(this.config.outage === 'continue' ? ALONE_AFTER_MS : undefined)
    } catch (error) {
      if (this.config.outage === 'stop' || !isAway(error)) throw error
      if (!this.#goesAlone)
        process.emitWarning(
          `${(error as Error).message} Runs go on without it: what they do is kept in ${this.config.journalDir} until it is there.`,
          'CairnWarning',
        )
      this.#goesAlone = true
    }
    return this.#local
  }

  async #stopWorker(worker: Worker): Promise<void> {
    this.#workers.get(worker)?.()
    this.#workers.delete(worker)
    await worker.stop()
  }
}

/** How long a run that is started here waits for a collector before it goes on without, in milliseconds. */
const ALONE_AFTER_MS = 1_500

/** How long a close waits for a collector that is away to get what the journal holds, in milliseconds. */
const CLOSE_MS = 2_000

function toDefinition(
  options: AgentOptions & { input?: StandardSchemaV1 | undefined },
  fn: (run: Run, input: never) => unknown,
  codeRevision: string | undefined,
): AgentDefinition {
  const name = Name.safeParse(options.name)
  const version = Name.safeParse(options.version ?? '1')
  const recovery = RecoveryPolicy.optional().safeParse(options.recovery)
  const { steps, durability } = options
  if (!name.success || !version.success)
    throw new CairnError('invalid_config', `Agent name and version must be text of 1 to 200 characters.`)
  if (!recovery.success)
    throw new CairnError(
      'invalid_config',
      `Recovery of agent "${name.data}": ${recovery.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ')}.`,
    )
  if (steps !== undefined && !(Number.isInteger(steps) && steps > 0))
    throw new CairnError('invalid_config', `Agent "${name.data}": steps must be a whole number above 0.`)
  if (durability !== undefined && !['sync', 'async', 'exit'].includes(durability))
    throw new CairnError('invalid_config', `Agent "${name.data}": durability must be "sync", "async" or "exit".`)
  return {
    name: name.data,
    version: version.data,
    schema: options.input,
    recovery: recovery.data,
    pin: options.pin,
    limits: toLimits(name.data, options),
    steps,
    durability: durability ?? 'sync',
    codeRevision,
    // Input reaches it through its own schema: the types meet again in `agent`'s signature.
    fn: fn as AgentDefinition['fn'],
  }
}
