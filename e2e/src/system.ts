import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
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
  /** Ctrl-C, and the exit code. Removes the data folder. */
  stop(): Promise<number | null>
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
    await stopGroup(child, exited)
    throw new Error(`npm start did not become ready.\n${output}\n${logs}`, { cause: error })
  }
  return {
    url,
    webUrl,
    key,
    email,
    password,
    dataDir,
    output: () => output,
    stop: async () => {
      const code = await stopGroup(child, exited)
      rmSync(dataDir, { recursive: true, force: true })
      return code
    },
  }
}

async function isOk(url: string): Promise<boolean> {
  const answer = await fetch(url, { redirect: 'follow', signal: AbortSignal.timeout(5_000) })
  await answer.body?.cancel()
  return answer.ok
}

/** The whole group gets SIGINT, as from a terminal. */
async function stopGroup(child: ChildProcess, exited: Promise<number | null>): Promise<number | null> {
  if (child.pid === undefined || child.exitCode !== null) return child.exitCode
  process.kill(-child.pid, 'SIGINT')
  const group = -child.pid
  const timer = setTimeout(() => process.kill(group, 'SIGKILL'), 30_000)
  const code = await exited
  clearTimeout(timer)
  return code
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
