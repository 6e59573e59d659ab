import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from './free-port.ts'
import { waitFor } from './wait-for.ts'

export const repository = join(import.meta.dirname, '..', '..')

/** Cairn as its user starts it: `npm start` on an empty data folder, with ports of its own. */
export interface System {
  readonly url: string
  readonly webUrl: string
  readonly key: string
  readonly email: string
  readonly password: string
  readonly dataDir: string
  /** What the command printed so far. */
  output(): string
  /** Ctrl-C; whether all of it stopped in order, with nothing left running. Removes the data folder. Again: the same answer. */
  stop(): Promise<boolean>
}

export interface StartOptions {
  readonly sample?: boolean
  readonly readyTimeoutMs?: number
}

export async function startSystem({ sample = false, readyTimeoutMs = 240_000 }: StartOptions = {}): Promise<System> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cairn-e2e-'))
  const [http, grpc, web] = await Promise.all([findFreePort(), findFreePort(), findFreePort()])
  const email = 'admin@example.com'
  const password = 'correct horse battery staple'
  const key = 'cairn_e2e_0123456789abcdefghijklmnopqrstuvwxyz'
  const child = spawn('npm', ['start', '--silent', '--', ...(sample ? [] : ['--no-sample'])], {
    cwd: repository,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      CAIRN_DATA_DIR: dataDir,
      CAIRN_HTTP_PORT: String(http),
      CAIRN_GRPC_PORT: String(grpc),
      CAIRN_WEB_PORT: String(web),
      CAIRN_PROJECT_KEY: key,
      CAIRN_ADMIN_EMAIL: email,
      CAIRN_ADMIN_PASSWORD: password,
    },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))

  const url = `http://127.0.0.1:${http}`
  const webUrl = `http://127.0.0.1:${web}`
  try {
    const ready = waitFor('the collector and the page', async () => (await isOk(`${url}/readyz`)) && (await isOk(webUrl)), {
      timeoutMs: readyTimeoutMs,
      everyMs: 200,
    })
    await Promise.race([ready, exited.then((code) => Promise.reject(new Error(`npm start ended with ${code}`)))])
  } catch (error) {
    const logs = readLogs(dataDir)
    await stopGroup(child)
    throw new Error(`npm start did not become ready.\n${output}\n${logs}`, { cause: error })
  }
  let stopped: Promise<boolean> | undefined
  return {
    url,
    webUrl,
    key,
    email,
    password,
    dataDir,
    output: () => output,
    stop: () => {
      stopped ??= (async () => {
        await stopGroup(child)
        // The supervisor takes its lock away as the last thing of a clean stop.
        const clean =
          !existsSync(join(dataDir, 'lock')) &&
          !output.includes('did not stop cleanly') &&
          !(await isOk(`${url}/healthz`).catch(() => false))
        rmSync(dataDir, { recursive: true, force: true })
        return clean
      })()
      return stopped
    },
  }
}

async function isOk(url: string): Promise<boolean> {
  const answer = await fetch(url, { redirect: 'follow', signal: AbortSignal.timeout(5_000) })
  await answer.body?.cancel()
  return answer.ok
}

/** The whole group gets SIGINT, as from a terminal. npm itself may leave at once: the group is gone when the supervisor is. */
async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || !signalGroup(child.pid, 'SIGINT')) return
  const { pid } = child
  try {
    await waitFor('npm start to stop', async () => !signalGroup(pid, 0), { timeoutMs: 30_000 })
  } catch (error) {
    signalGroup(pid, 'SIGKILL')
    throw error
  }
}

/** False if nobody is left in the group. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal)
    return true
  } catch {
    return false
  }
}

function readLogs(dataDir: string): string {
  try {
    const folder = join(dataDir, 'logs')
    return readdirSync(folder)
      .map((name) => `--- ${name}\n${readFileSync(join(folder, name), 'utf8').slice(-3_000)}`)
      .join('\n')
  } catch {
    return '(no logs)'
  }
}
