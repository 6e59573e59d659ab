import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ClickHouseStoreError } from '../errors.ts'
// Not from the server: whoever starts it must not load the engine.
import { USER } from './user.ts'

export interface EmbeddedClickHouseOptions {
  /** Folder of this engine; made if it is missing. */
  readonly dataDir: string
  /** Default: any free one. */
  readonly port?: number
  /** Receives what the engine's process writes, a line each. */
  readonly log?: (line: string) => void
}

export interface EmbeddedClickHouse {
  /** With user, password and the database `cairn`. */
  readonly url: string
  readonly pid: number
  /** Settles when the process is gone, with its exit code. */
  readonly exited: Promise<number | null>
  stop(): Promise<void>
}

const SESSIONS = 6
const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 10_000

/** Starts the real ClickHouse engine in a process of its own, on loopback, with its data under `dataDir`. */
export async function startEmbeddedClickHouse(options: EmbeddedClickHouseOptions): Promise<EmbeddedClickHouse> {
  const dataDir = resolve(options.dataDir)
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const password = rememberedPassword(dataDir)
  const log = options.log ?? (() => {})
  const child = fork(join(import.meta.dirname, 'server-main.ts'), {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A terminal's Ctrl-C goes to the whole group: the engine must outlive those who still write to it.
    detached: true,
    env: {
      ...process.env,
      // One thread of the pool is held by each query that runs.
      UV_THREADPOOL_SIZE: String(SESSIONS + 10),
      CAIRN_ENGINE_DATA: dataDir,
      CAIRN_ENGINE_PASSWORD: password,
      CAIRN_ENGINE_PORT: String(options.port ?? 0),
      CAIRN_ENGINE_SESSIONS: String(SESSIONS),
    },
  })
  let last = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      last = (last + text).slice(-4_000)
      for (const line of text.split('\n')) if (line !== '') log(line)
    })
  const exited = new Promise<number | null>((settle) => child.once('exit', settle))
  const port = await Promise.race([
    new Promise<number>((settle) =>
      child.on('message', (message: { type?: string; port?: number }) => message.type === 'ready' && settle(message.port ?? 0)),
    ),
    exited.then((code) => {
      throw new ClickHouseStoreError('start_failed', `The embedded ClickHouse ended with ${code} at its start. ${last.trim()}`)
    }),
    new Promise<never>((_, reject) =>
      setTimeout(
        () =>
          reject(
            new ClickHouseStoreError('start_failed', `The embedded ClickHouse was not ready after ${START_TIMEOUT_MS} ms. ${last.trim()}`),
          ),
        START_TIMEOUT_MS,
      ).unref(),
    ),
  ]).catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  return {
    url: `http://${USER}:${password}@127.0.0.1:${port}/cairn`,
    pid: child.pid ?? 0,
    exited,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
      await exited
      clearTimeout(timer)
    },
  }
}

/** Made at the first start and kept, readable by its owner alone. */
function rememberedPassword(dataDir: string): string {
  const file = join(dataDir, 'password')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const password = randomBytes(24).toString('base64url')
  writeFileSync(file, password, { mode: 0o600 })
  return password
}
