import { AgentFailedError, CairnError, RunStoppedError } from './errors.ts'
import type { RunEvent } from './protocol/event.ts'
import { type ResumeRun, Run, type RunStatus } from './protocol/run.ts'
import { decodeValue, encodeValue } from './protocol/values.ts'
import type { HttpClient } from './transport/http-client.ts'
import { readRunEvents } from './transport/run-events.ts'

/** A run as the API shows it, its values decoded. Money is in US dollars as decimal strings. */
export type RunSnapshot<Output = unknown> = Omit<Run, 'input' | 'output' | 'state'> & {
  input: unknown
  output: Output | null
  state: unknown
}

/** An event of a run's stream; `data` of an emitted item is decoded. */
export type RunStreamEvent = Exclude<RunEvent, { type: 'emit' }> | (Omit<Extract<RunEvent, { type: 'emit' }>, 'data'> & { data: unknown })

export interface ResultOptions {
  /** How long to wait, in milliseconds. Default: for ever. */
  timeoutMs?: number
}

export interface ResumeOptions {
  /** Steps by key: an output to use instead of running the step, or a finished step to run again. */
  overrides?: ({ step: string; output: unknown } | { step: string; retry: true })[]
  /** Replaces the run's input. */
  input?: unknown
  version?: string
  /** Who resumes and why: shown with the execution. */
  actor?: string
  reason?: string
}

const ENDED: ReadonlySet<RunStatus> = new Set(['succeeded', 'failed', 'cancelled'])

/**
 * A run that goes on elsewhere: poll it, await it, stream it.
 * @example
 * const handle = await research.start(question)
 * for await (const event of handle.events()) show(event)
 * const answer = await handle.result()
 */
export class RunHandle<Output = unknown> {
  readonly id: string
  readonly #http: HttpClient

  constructor(http: HttpClient, id: string) {
    this.#http = http
    this.id = id
  }

  /** The run as it is now. @throws {CairnError} `not_found`, `collector_unreachable` */
  async poll(): Promise<RunSnapshot<Output>> {
    const run = Run.parse((await this.#http.request({ method: 'GET', path: `/api/v1/runs/${this.id}` })).body)
    // The output is what the agent returned: its type is taken on trust, as it comes from elsewhere.
    return { ...run, input: decodeValue(run.input), output: decodeValue(run.output) as Output | null, state: decodeValue(run.state) }
  }

  /**
   * Waits for the run's output. A crashed or paused run is waited for: it may be resumed.
   * @throws {AgentFailedError} when it has failed; `run_cancelled` when it was cancelled; `timeout` after `timeoutMs`, while the run goes on
   */
  async result(options: ResultOptions = {}): Promise<Output> {
    const abort = new AbortController()
    const timer = options.timeoutMs === undefined ? undefined : setTimeout(() => abort.abort(), options.timeoutMs)
    try {
      const now = await this.poll()
      if (ENDED.has(now.status)) return outputOf(now)
      for await (const event of readRunEvents(this.#http, this.id, 0, abort.signal)) {
        if (event.type !== 'status' || !ENDED.has(event.status)) continue
        const run = await this.poll()
        if (ENDED.has(run.status)) return outputOf(run)
      }
      throw new CairnError(
        'timeout',
        `Run ${this.id} has not ended in ${options.timeoutMs} ms. It goes on; call result() again to wait for it.`,
      )
    } finally {
      clearTimeout(timer)
      abort.abort()
    }
  }

  /**
   * Every status change, step and emitted item, from the start or after an event's `id`. Goes on over lost connections, and
   * ends when the run has.
   */
  async *events(options: { after?: number; signal?: AbortSignal } = {}): AsyncGenerator<RunStreamEvent> {
    const abort = new AbortController()
    const signal = options.signal === undefined ? abort.signal : AbortSignal.any([abort.signal, options.signal])
    try {
      for await (const event of readRunEvents(this.#http, this.id, options.after ?? 0, signal)) {
        yield event.type === 'emit' ? { ...event, data: decodeValue(event.data) } : event
        if (event.type !== 'status' || !ENDED.has(event.status)) continue
        const run = await this.poll()
        // An earlier end, if the run was resumed since: its later events are still to come.
        if (ENDED.has(run.status) && run.execution === event.execution && run.status === event.status) return
      }
    } finally {
      abort.abort()
    }
  }

  /** Asks the run to stop for good. @throws {CairnError} `conflict` if it has ended */
  async cancel(options: { reason?: string } = {}): Promise<void> {
    await this.#http.request({ method: 'POST', path: `/api/v1/runs/${this.id}/cancel`, json: options })
  }

  /** Asks the run to stop until it is resumed. @throws {CairnError} `conflict` if it has ended */
  async pause(options: { reason?: string } = {}): Promise<void> {
    await this.#http.request({ method: 'POST', path: `/api/v1/runs/${this.id}/pause`, json: options })
  }

  /**
   * Lets a failed, crashed, paused or cancelled run go on from its last checkpoint.
   * @throws {CairnError} `not_resumable`
   */
  async resume(options: ResumeOptions = {}): Promise<void> {
    const { overrides, input, ...rest } = options
    const json: ResumeRun = {
      ...rest,
      ...(input === undefined ? {} : { input: encodeValue(input) }),
      ...(overrides === undefined
        ? {}
        : { overrides: overrides.map((o) => ('retry' in o ? o : { step: o.step, output: encodeValue(o.output) })) }),
    }
    await this.#http.request({ method: 'POST', path: `/api/v1/runs/${this.id}/resume`, json })
  }

  /** Sends a signal, kept until the run waits for it. */
  async signal(name: string, payload: unknown = null): Promise<void> {
    const path = `/api/v1/runs/${this.id}/signals/${encodeURIComponent(name)}`
    await this.#http.request({ method: 'POST', path, json: encodeValue(payload) })
  }
}

function outputOf<Output>(run: RunSnapshot<Output>): Output {
  // A run that succeeded has an output of this type, which may be null itself.
  if (run.status === 'succeeded') return run.output as Output
  if (run.status === 'cancelled') throw new RunStoppedError(run.id, 'run_cancelled')
  throw new AgentFailedError(run.id, run.error)
}
