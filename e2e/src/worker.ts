import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { repository, type System } from './system.ts'

export interface WorkerProcess {
  readonly pid: number
  /** SIGKILL: no handler runs. */
  kill(): Promise<void>
  stop(): Promise<void>
}

/** The sample agents' worker as a process of its own, ready to take runs. */
export const startWorker = (system: System, modelUrl: string, env: Readonly<Record<string, string>> = {}): Promise<WorkerProcess> =>
  forkWorker(system, 'examples/worker.ts', { MODEL_URL: modelUrl, ...env })

/** Any script that serves agents and says `{ type: 'ready' }`. */
export async function forkWorker(
  system: Pick<System, 'url' | 'key'>,
  script: string,
  env: Readonly<Record<string, string>>,
): Promise<WorkerProcess> {
  const child: ChildProcess = fork(join(repository, script), {
    execArgv: ['--conditions=@cairn/source', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, CAIRN_URL: system.url, CAIRN_API_KEY: system.key, ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (output += text))
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    child.on('message', (message: { type?: string }) => message.type === 'ready' && resolve())
    child.once('exit', (code) => reject(new Error(`the worker ended with ${code}: ${output}`)))
  })
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await exited
  }
  return { pid: child.pid ?? 0, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') }
}
