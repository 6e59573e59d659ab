import { randomUUID } from 'node:crypto'
import { type AgentDefinition, limitKeys, parseInput } from './agent-definition.ts'
import { RunStoppedError } from './errors.ts'
import { Run } from './protocol/run.ts'
import { encodeValue } from './protocol/values.ts'
import { RunHandle } from './run-handle.ts'
import { executeRun } from './runtime/execute-run.ts'
import type { Runtime } from './runtime/execution-env.ts'
import { startHere } from './runtime/start-here.ts'
import type { HttpClient } from './transport/http-client.ts'
import type { WorkerSession } from './worker/session.ts'

/** How a run is started. */
export interface StartOptions {
  /** The conversation that the run belongs to. */
  sessionId?: string
  userId?: string
  tags?: string[]
  metadata?: Record<string, unknown>
  /** The same key again gives the first run instead of a new one. */
  idempotencyKey?: string
  /** Shares the agent's `concurrency` limit with runs of the same key. Default: what `concurrency.key` gives. */
  concurrencyKey?: string
}

export interface BackgroundOptions extends StartOptions {
  /** A version of the agent that must run it. Default: any that a worker serves. */
  version?: string
  /** Not before this time. */
  runAt?: Date
  /** A whole number; higher first among the runs that wait for a worker. Default: 0. */
  priority?: number
}

/** What an agent needs of the `Cairn` that made it. */
export interface AgentHost {
  http(): HttpClient
  open(): Promise<Runtime>
  localSession(): Promise<WorkerSession>
}

/** A named, versioned function whose runs are durable. Made by `cairn.agent()`. */
export class Agent<Input, Output> {
  readonly name: string
  readonly version: string
  /** For the runtime. */
  readonly definition: AgentDefinition
  readonly #host: AgentHost

  constructor(host: AgentHost, definition: AgentDefinition) {
    this.#host = host
    this.definition = definition
    this.name = definition.name
    this.version = definition.version
  }

  /**
   * Queues a run for a worker that serves this agent, and returns at once.
   * @throws {InvalidInputError} naming each field; {CairnError} `collector_unreachable`, `unauthorized`
   * @example const handle = await research.start({ question: 'why?' }, { sessionId: 's-1' })
   */
  async start(input: Input, options: BackgroundOptions = {}): Promise<RunHandle<Output>> {
    const { runAt, ...rest } = options
    const keys = limitKeys(this.definition, await parseInput(this.definition, input))
    // With a key of its own a request whose answer was lost can be sent again.
    const json = {
      idempotencyKey: randomUUID(),
      ...keys,
      ...rest,
      ...(runAt === undefined ? {} : { runAt: runAt.toISOString() }),
      agent: this.name,
      input: encodeValue(input),
    }
    const { body } = await this.#host.http().request({ method: 'POST', path: '/api/v1/runs', json })
    return new RunHandle<Output>(this.#host.http(), Run.pick({ id: true }).parse(body).id)
  }

  /**
   * Runs the agent here, in this process, and gives its output. It is durable all the same: if this process dies, a worker
   * that serves the agent can take the run over.
   * @throws what the agent threw; {InvalidInputError}; {RunStoppedError} when it was cancelled, paused or taken over;
   * {CairnError} `collector_unreachable`, `unauthorized`
   * @example const answer = await research.run({ question: 'why?' })
   */
  async run(input: Input, options: StartOptions = {}): Promise<Output> {
    const [runtime, session] = await Promise.all([this.#host.open(), this.#host.localSession()])
    const keys = limitKeys(this.definition, await parseInput(this.definition, input))
    const created = await startHere({ runtime, session }, this.definition, { ...keys, ...options, input: encodeValue(input) })
    // The idempotency key was used before: that run's result is this one's.
    if (!created.claimed) return new RunHandle<Output>(this.#host.http(), created.id).result()
    const result = await executeRun({ runtime, session }, this.definition, created.claimed)
    if (result.status === 'failed') throw result.error
    if (result.status === 'stopped') throw new RunStoppedError(created.id, result.reason)
    return result.value as Output
  }
}
