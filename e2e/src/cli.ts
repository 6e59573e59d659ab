import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { repository, type System } from './system.ts'

/** The `cairn` that npm links, as a user starts it. */
export const CAIRN = join(repository, 'node_modules', '.bin', 'cairn')

export interface CliAnswer {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface CliOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

export function startCli(system: Pick<System, 'url' | 'key'>, args: readonly string[], { env = {}, cwd = repository }: CliOptions = {}) {
  const { CAIRN_DATA_DIR: _, FORCE_COLOR: __, ...clean } = process.env
  const child: ChildProcess = spawn(CAIRN, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...clean, CAIRN_URL: system.url, CAIRN_API_KEY: system.key, COLUMNS: '100', ...env },
  })
  const read = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) child[name]?.setEncoding('utf8').on('data', (text: string) => (read[name] += text))
  const ended = new Promise<CliAnswer>((resolve) => child.once('close', (code) => resolve({ code, ...read })))
  return { read, ended, interrupt: () => child.kill('SIGINT') }
}

export const runCli = (system: Pick<System, 'url' | 'key'>, args: readonly string[], options?: CliOptions): Promise<CliAnswer> =>
  startCli(system, args, options).ended
