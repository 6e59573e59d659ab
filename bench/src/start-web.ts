import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { RunningCairn } from './start-cairn.ts'

const ROOT = join(import.meta.dirname, '..', '..')

export interface RunningWeb {
  readonly url: string
  readonly email: string
  readonly password: string
  stop(): Promise<void>
}

/** The pages as `npm start` serves them, built before. */
export async function startWeb(cairn: RunningCairn): Promise<RunningWeb> {
  const built = spawnSync('npm', ['run', 'build', '-w', '@cairn/web', '--silent'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] })
  if (built.status !== 0) throw new Error('The web could not be built.')
  const port = await freePort()
  const url = `http://localhost:${port}`
  const email = 'bench@example.com'
  const password = randomBytes(12).toString('hex')
  const child = fork(join(ROOT, 'web', 'server.ts'), {
    cwd: join(ROOT, 'web'),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: ['--conditions=@cairn/source', '--disable-warning=ExperimentalWarning', '--no-deprecation'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      DATABASE_URL: cairn.databaseUrl,
      CLICKHOUSE_URL: cairn.clickhouseUrl,
      CAIRN_URL: cairn.url,
      CAIRN_PROJECT_KEY: cairn.apiKey,
      CAIRN_WEB_PORT: String(port),
      CAIRN_ADMIN_EMAIL: email,
      CAIRN_ADMIN_PASSWORD: password,
      BETTER_AUTH_SECRET: randomBytes(32).toString('hex'),
      BETTER_AUTH_URL: url,
    },
  })
  await untilReady(child)
  return {
    url,
    email,
    password,
    stop: async () => {
      const exited = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await exited
    },
  }
}

const untilReady = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    child.on('message', (message: { type?: string }) => message.type === 'ready' && resolve())
    child.once('exit', (code) => reject(new Error(`the web ended with ${code}`)))
  })

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
