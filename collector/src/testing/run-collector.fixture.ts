import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedClickHouse } from '@cairn/clickhouse/embedded'
import { ensureApiKey } from '@cairn/prisma'
import { createTestDatabase } from '@cairn/prisma/testing'
import type { Checkpoint, CheckpointAnswer, ClaimAnswer, ClaimedRun, CreateRun, Run, Step } from '@cairn/sdk/protocol'
import { type Collector, startCollector } from '../collector.ts'
import { readConfig } from '../config.ts'
import type { CollectorContext } from '../context.ts'

export const KEY = 'cairn_key_of_the_first_project'
/** Of a project that must see nothing of the first one. */
export const OTHER_KEY = 'cairn_key_of_the_other_project'

interface Asked {
  readonly key?: string | null
  readonly headers?: Readonly<Record<string, string>>
}

// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the server sent; the test says what it must be
type Body = any

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Body
}

export class RunCollector {
  readonly url: string
  readonly ctx: CollectorContext
  readonly stop: () => Promise<void>
  /** Workers by name only: they have no socket, and must live for as long as a slow machine takes for the test. */
  readonly #workers = new Set<string>()
  readonly #beat = setInterval(() => this.#keepAlive(), 2_000)

  constructor({ url, ctx }: Pick<Collector, 'url' | 'ctx'>, stop: () => Promise<void>) {
    this.url = url
    this.ctx = ctx
    this.stop = async () => {
      clearInterval(this.#beat)
      await stop()
    }
  }

  #keepAlive(): void {
    for (const id of this.#workers) this.ask('POST', `/api/v1/workers/${id}/heartbeat`).catch(() => {})
  }

  async ask(method: string, path: string, body?: unknown, { key = KEY, headers = {} }: Asked = {}): Promise<Answer> {
    const raw = typeof body === 'string' || body instanceof Uint8Array
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? (body as string) : JSON.stringify(body) }),
    })
    const text = await answer.text()
    const isJson = answer.headers.get('content-type')?.startsWith('application/json')
    return { status: answer.status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : undefined }
  }

  async askBytes(path: string): Promise<ArrayBuffer> {
    const answer = await fetch(`${this.url}${path}`, { headers: { authorization: `Bearer ${KEY}` } })
    return answer.arrayBuffer()
  }

  async create(more: Partial<CreateRun> = {}): Promise<Run> {
    return (await this.ask('POST', '/api/v1/runs', { agent: 'a', ...more })).body
  }

  async get(id: string): Promise<Run> {
    return (await this.ask('GET', `/api/v1/runs/${id}`)).body
  }

  async steps(id: string): Promise<Step[]> {
    return (await this.ask('GET', `/api/v1/runs/${id}/steps`)).body.items
  }

  async claim({ workerId = 'w1', agent = 'a', waitMs = 0, limit = 1, recovery = 'manual' } = {}): Promise<ClaimedRun[]> {
    if (/^w\d$/.test(workerId)) this.#workers.add(workerId)
    const agents = [{ name: agent, versions: ['1'], recovery: { mode: recovery, backoffMs: 0 } }]
    return ((await this.ask('POST', '/api/v1/claims', { workerId, agents, limit, waitMs })).body as ClaimAnswer).runs
  }

  async checkpoint(...checkpoints: Partial<Checkpoint>[]): Promise<CheckpointAnswer['results']> {
    return ((await this.ask('POST', '/api/v1/checkpoints', { checkpoints })).body as CheckpointAnswer).results
  }

  finish(id: string, execution: number, more: object = { status: 'succeeded' }): Promise<Answer> {
    return this.ask('POST', `/api/v1/runs/${id}/outcome`, { execution, ...more })
  }

  /** A run that stopped in its second step, with the first one stored. */
  async failed(more: Partial<CreateRun> = {}): Promise<Run> {
    const { id } = await this.create({ agent: `failing-${randomUUID()}`, ...more })
    const { agent } = await this.get(id)
    await this.claim({ agent })
    await this.checkpoint({ runId: id as never, execution: 1, key: 'one', output: { n: 1 } })
    await this.finish(id, 1, { status: 'failed', error: { type: 'BoomError', message: 'boom' }, failedStep: 'two' })
    return this.get(id)
  }
}

/** The whole collector on real stores of its own, with keys of two projects. */
export async function startRunCollector(): Promise<RunCollector> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cairn-test-runs-'))
  const [engine, database] = await Promise.all([startEmbeddedClickHouse({ dataDir }), createTestDatabase()])
  const options = { databaseUrl: database.url, clickhouseUrl: engine.url, httpPort: 0, grpcPort: 0, dataDir, projectKey: KEY }
  const collector = await startCollector({ ...readConfig(options, {}), logLevel: 'silent' })
  const { pool } = collector.ctx
  const [organization, project] = [randomUUID(), randomUUID()]
  await pool.query(`INSERT INTO organizations (id, name) VALUES ($1, 'Others')`, [organization])
  await pool.query(`INSERT INTO projects (id, organization_id, name) VALUES ($1, $2, 'theirs')`, [project, organization])
  await ensureApiKey(pool, { projectId: project, key: OTHER_KEY, name: 'test' })
  return new RunCollector(collector, async () => {
    await collector.stop()
    await Promise.all([engine.stop(), database.drop()])
    rmSync(dataDir, { recursive: true, force: true })
  })
}
