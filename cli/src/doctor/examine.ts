import { connect } from 'node:net'
import { RunPage, WorkerInfo } from '@cairn/sdk/protocol'
import { z } from 'zod'
import { ApiClient, reasonOf } from '../api/client.ts'
import { CliError } from '../errors.ts'
import { isLoopback, type Settings } from '../settings.ts'
import { VERSION } from '../version.ts'
import { type Check, failed, ok, skipped, warning } from './check.ts'
import { judgeClock, judgeNode, judgeQueue, judgeVersions, judgeWorkers } from './judge.ts'

const TIMEOUT_MS = 5_000
const QUEUE_LOOK = 200
const Ready = z.object({ postgres: z.string(), clickhouse: z.string() })
const Description = z.object({ info: z.object({ version: z.string() }) })
const Workers = z.object({ items: z.array(WorkerInfo) })

/** Every check in order; those that can't be made without an earlier one say so. Leaves nothing behind in the collector. */
export async function examine(settings: Settings, env: NodeJS.ProcessEnv): Promise<Check[]> {
  const checks = [judgeNode(process.version)]
  const { url, urlFrom } = settings
  const beforeMs = Date.now()
  let health: Response
  try {
    health = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    await health.body?.cancel()
  } catch (error) {
    const text = `${url} (${urlFrom}) can't be reached: ${reasonOf(error)}`
    return [...checks, failed('collector', 'Collector', text, 'Start it with `npm start`, or set CAIRN_URL or --url to where it runs.')]
  }
  if (!health.ok)
    return [
      ...checks,
      failed(
        'collector',
        'Collector',
        `${url} answers ${health.status} to /healthz`,
        'Is it Cairn that listens there? Set CAIRN_URL or --url.',
      ),
    ]
  checks.push(ok('collector', 'Collector', `${url} (${urlFrom})`), judgeClock(health.headers.get('date'), beforeMs, Date.now()))
  checks.push(await checkVersions(url), ...(await checkStores(url)))
  checks.push(...(await checkProject(settings)), ...(await checkPorts(settings, env)))
  return checks
}

async function checkVersions(url: string): Promise<Check> {
  try {
    const { info } = Description.parse(await getJson(`${url}/api/v1/openapi.json`))
    return judgeVersions(info.version, VERSION)
  } catch (error) {
    return failed('versions', 'Versions', `/api/v1/openapi.json can't be read: ${reasonOf(error)}`, 'Is it Cairn that listens there?')
  }
}

async function checkStores(url: string): Promise<Check[]> {
  let ready: z.infer<typeof Ready>
  try {
    ready = Ready.parse(await getJson(`${url}/readyz`))
  } catch (error) {
    return [failed('stores', 'Stores', `/readyz can't be read: ${reasonOf(error)}`, 'Look into the log of the collector.')]
  }
  return (['postgres', 'clickhouse'] as const).map((id) => {
    const what = id === 'postgres' ? 'Postgres' : 'ClickHouse'
    if (ready[id] === 'ok') return ok(id, what, 'ready')
    return failed(
      id,
      what,
      ready[id].slice(0, 200),
      `Is it up? The collector's log says why; ${id === 'postgres' ? 'DATABASE_URL' : 'CLICKHOUSE_URL'} says where it looks.`,
    )
  })
}

async function getJson(url: string): Promise<unknown> {
  return (await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })).json()
}

async function checkProject(settings: Settings): Promise<Check[]> {
  const rest = ['OTLP', 'Workers', 'Queue'] as const
  const skip = (why: string) => rest.map((what) => skipped(what.toLowerCase(), what, why))
  if (settings.key === undefined)
    return [
      failed('key', 'API key', 'none was given', 'Set CAIRN_API_KEY or --key (Settings → API keys), or run this where `npm start` runs.'),
      ...skip('needs a key'),
    ]
  const api = new ApiClient(settings)
  const checks: Check[] = []
  let workers: WorkerInfo[]
  try {
    workers = (await api.get('/api/v1/workers', Workers)).value.items
    checks.push(ok('key', 'API key', `accepted (${settings.keyFrom})`))
  } catch (error) {
    const refused = error instanceof CliError && (error.answer?.code === 'unauthorized' || error.answer?.code === 'forbidden')
    const text = `${error instanceof Error ? error.message : error} (${settings.keyFrom})`
    checks.push(
      failed('key', 'API key', text, refused ? 'Make a new one under Settings → API keys.' : 'Look into the log of the collector.'),
    )
    return [...checks, ...skip(refused ? 'needs a valid key' : 'the collector refused')]
  }
  checks.push(await checkOtlp(api), judgeWorkers(workers))
  try {
    const { value: queued } = await api.get('/api/v1/runs', RunPage, { status: 'queued', limit: QUEUE_LOOK })
    checks.push(judgeQueue(queued.items, workers, queued.nextCursor === null))
  } catch (error) {
    checks.push(failed('queue', 'Queue', error instanceof Error ? error.message : String(error), 'Look into the log of the collector.'))
  }
  return checks
}

/** An empty export: what it takes for spans to come in, without a span. */
async function checkOtlp(api: ApiClient): Promise<Check> {
  try {
    await api.send('POST', '/v1/traces', { body: { resourceSpans: [] }, timeoutMs: TIMEOUT_MS })
    return ok('otlp', 'OTLP', `${api.settings.url}/v1/traces takes spans`)
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    return failed(
      'otlp',
      'OTLP',
      text,
      'Spans that can be kept for a while are sent again by their exporters; the log of the collector says why it refuses.',
    )
  }
}

/** Only of a system on this machine: elsewhere other addresses may lead there. */
async function checkPorts({ url }: Settings, env: NodeJS.ProcessEnv): Promise<Check[]> {
  if (!isLoopback(url)) return [skipped('ports', 'Ports', 'the collector is on another machine')]
  const ports = [
    ['grpc', 'OTLP by gRPC', 'CAIRN_GRPC_PORT', '4317'],
    ['web', 'Page', 'CAIRN_WEB_PORT', '3000'],
  ] as const
  return Promise.all(
    ports.map(async ([id, what, variable, usual]) => {
      const port = Number(env[variable] || usual)
      if (await listens(new URL(url).hostname.replace(/[[\]]/g, ''), port)) return ok(id, what, `port ${port} listens`)
      return warning(id, what, `nothing listens on port ${port}`, `If you started Cairn on another port, set ${variable} here too.`)
    }),
  )
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: TIMEOUT_MS })
    const done = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => done(true))
    socket.once('timeout', () => done(false))
    socket.once('error', () => done(false))
  })
}
