import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { StartError } from './config.ts'
import { LogFile } from './log-file.ts'

export interface ChildOptions {
  readonly name: string
  /** A TypeScript file, run by this Node. */
  readonly script: string
  readonly env: Readonly<Record<string, string>>
  readonly dataDir: string
  readonly cwd?: string
  readonly readyTimeoutMs?: number
  /** Called when it ends though nobody asked it to. It is started again, with backoff. */
  readonly onCrash?: (message: string) => void
}

const STOP_TIMEOUT_MS = 12_000
const MAX_BACKOFF_MS = 10_000

/** A process of the system. It says `{ type: 'ready' }` over its channel, and ends when the channel closes. */
export class Child {
  readonly options: ChildOptions
  readonly #log: LogFile
  #process: ChildProcess | undefined
  #stopping = false
  #backoffMs = 500

  constructor(options: ChildOptions) {
    this.options = options
    this.#log = new LogFile(join(options.dataDir, 'logs', `${options.name}.log`))
  }

  /** Starts it and waits until it is ready. */
  async start(): Promise<Readonly<Record<string, unknown>>> {
    const { name, readyTimeoutMs = 60_000 } = this.options
    const child = forkScript(this.options, this.#log)
    this.#process = child
    const ready = await new Promise<Record<string, unknown>>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`was not ready after ${readyTimeoutMs / 1_000} s`)), readyTimeoutMs)
      child.on('message', (message: Record<string, unknown>) => message.type === 'ready' && resolve(message))
      child.once('exit', (code, signal) => reject(new Error(`ended with ${signal ?? code}`)))
      child.once('error', reject)
      child.once('message', () => clearTimeout(timer))
    }).catch((error: Error) => {
      child.kill('SIGKILL')
      throw new StartError(`The ${name} ${error.message}. Its log (${this.#log.path}) ends:\n${this.#log.tail()}`)
    })
    child.once('exit', (code, signal) => this.#ended(`${signal ?? code}`))
    return ready
  }

  #ended(how: string): void {
    if (this.#stopping) return
    this.options.onCrash?.(
      `The ${this.options.name} ended with ${how} and is started again. Its log (${this.#log.path}) ends:\n${this.#log.tail(6)}`,
    )
    const waitMs = this.#backoffMs
    this.#backoffMs = Math.min(MAX_BACKOFF_MS, this.#backoffMs * 2)
    setTimeout(() => {
      if (this.#stopping) return
      this.start().then(
        () => setTimeout(() => (this.#backoffMs = 500), 60_000).unref(),
        () => this.#ended('an error at its start'),
      )
    }, waitMs)
  }

  async stop(): Promise<void> {
    this.#stopping = true
    const child = this.#process
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exited = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
    await exited
    clearTimeout(timer)
  }
}

interface End {
  readonly code: number | null
  readonly signal: string | null
}

/** Runs a script to its end; its messages of type progress are passed on. It can be stopped before. */
export function runToEnd(
  options: ChildOptions,
  onProgress: (message: { done: number; of: number }) => void = () => {},
): { readonly ended: Promise<End>; readonly stop: () => Promise<void> } {
  const log = new LogFile(join(options.dataDir, 'logs', `${options.name}.log`))
  const child = forkScript(options, log)
  child.on('message', (message: { type?: string; done?: number; of?: number }) => {
    if (message.type === 'progress') onProgress({ done: message.done ?? 0, of: message.of ?? 0 })
  })
  const ended = new Promise<End>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
  return {
    ended,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

function forkScript({ script, env, cwd }: ChildOptions, log: LogFile): ChildProcess {
  const child = fork(script, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: ['--conditions=@cairn/source', '--disable-warning=ExperimentalWarning'],
    // A group of its own: Ctrl-C is for the supervisor, which stops the parts in order.
    detached: true,
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  })
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => log.write(text))
  return child
}
