import { randomBytes, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import type { ClaimedRun, ClaimRequest } from '../protocol/claim.ts'
import type { CreateRun, RunOutcome } from '../protocol/run.ts'
import type { Checkpoint, CheckpointBatch, EmittedItem } from '../protocol/step.ts'
import type { JsonValue } from '../protocol/values.ts'
import type { WorkerCommand, WorkerMessage } from '../protocol/worker.ts'
import { decodeSpans, type SeenSpan } from './decode-spans.ts'
import { FakeRun } from './fake-run.ts'
import { FakeSessions } from './fake-sessions.ts'

/** What a test may answer a request with, instead of the fake's own answer. */
export type Intercept = (request: {
  method: string
  path: string
  body: unknown
}) => { status: number; body?: unknown } | 'drop' | 'answer-lost' | undefined

/**
 * A collector in memory, for tests of replay, fencing and retries. It speaks the wire protocol over real sockets and knows
 * one project and no time: leases end when a test says so.
 */
export class FakeCollector {
  readonly runs = new Map<string, FakeRun>()
  readonly batches: CheckpointBatch[] = []
  readonly emitted: EmittedItem[] = []
  readonly messages: WorkerMessage[] = []
  readonly spans: SeenSpan[] = []
  readonly artifacts = new Map<string, { body: Buffer; contentType: string }>()
  readonly signals = new Map<string, JsonValue>()
  readonly sessions = new FakeSessions()
  /** Requests by `METHOD path`, in order. */
  readonly requests: string[] = []
  intercept: Intercept = () => undefined
  #port = 0
  readonly #sockets = new Map<string, WebSocket>()
  readonly #server: Server
  readonly #sse = new Map<string, ServerResponse[]>()
  #waitingClaims: (() => void)[] = []

  constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response))
    const sockets = new WebSocketServer({ server: this.#server, path: '/api/v1/worker' })
    sockets.on('connection', (socket) => socket.on('message', (data) => this.#hear(socket, JSON.parse(String(data)))))
  }

  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve))
    return this.url
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo | null)?.port ?? this.#port}`
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.values()) socket.terminate()
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** Nobody listens on its port any more, as while it is restarted. */
  async goAway(): Promise<void> {
    this.#port = (this.#server.address() as AddressInfo).port
    await this.close()
  }

  async comeBack(): Promise<void> {
    await this.listen(this.#port)
  }

  run(id: string): FakeRun {
    const run = this.runs.get(id)
    if (run === undefined) throw new Error(`no run ${id}`)
    return run
  }

  get firstRun(): FakeRun {
    const [run] = this.runs.values()
    if (run === undefined) throw new Error('no run yet')
    return run
  }

  command(command: WorkerCommand): void {
    for (const socket of this.#sockets.values()) socket.send(JSON.stringify(command))
  }

  dropConnections(code?: number): void {
    for (const socket of this.#sockets.values()) code === undefined ? socket.terminate() : socket.close(code)
  }

  endStreams(): void {
    for (const responses of this.#sse.values()) for (const response of responses.splice(0)) response.end()
  }

  /** As when a worker has died, or a person pressed Resume: claimable as the next execution. */
  requeue(id: string): void {
    this.run(id).setStatus('queued')
    this.#publish(id)
    for (const wake of this.#waitingClaims.splice(0)) wake()
    this.command({ type: 'run', agent: this.run(id).agent })
  }

  #hear(socket: WebSocket, message: WorkerMessage): void {
    this.messages.push(message)
    if (message.type === 'hello') {
      this.#sockets.set(message.workerId, socket)
      socket.send(JSON.stringify({ type: 'welcome', leaseMs: 10_000, heartbeatMs: 100 }))
    }
    if (message.type === 'heartbeat') socket.send(JSON.stringify({ type: 'alive' }))
    if (message.type === 'goodbye') socket.close(1000)
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const raw = Buffer.concat(chunks)
    const { method = 'GET' } = request
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    this.requests.push(`${method} ${path}`)
    const isJson = request.headers['content-type'] === 'application/json' && !path.includes('/artifacts/')
    const body = isJson && raw.length > 0 ? JSON.parse(raw.toString()) : raw
    const intercepted = this.intercept({ method, path, body })
    if (intercepted === 'drop') return void request.socket.destroy()
    if (typeof intercepted === 'object') return answer(response, intercepted.status, intercepted.body ?? {})
    if (path.endsWith('/events')) return this.#stream(path.split('/')[4] ?? '', Number(request.headers['last-event-id'] ?? 0), response)
    if (path.includes('/artifacts/')) {
      this.artifacts.set(decodeURIComponent(path.split('/')[6] ?? ''), { body: raw, contentType: String(request.headers['content-type']) })
      return answer(response, 201, {})
    }
    const isSession = path.startsWith('/api/v1/sessions/')
    const [status, result] = isSession ? this.sessions.answer(method, request.url ?? '', body) : await this.#route(method, path, body)
    if (intercepted === 'answer-lost') return void request.socket.destroy()
    answer(response, status, result)
  }

  async #route(method: string, path: string, body: unknown): Promise<[number, unknown]> {
    if (path === '/v1/traces') {
      this.spans.push(...decodeSpans(body as Buffer))
      return [200, {}]
    }
    if (path === '/api/v1/claims') return [200, { runs: await this.#claim(body as ClaimRequest) }]
    if (path === '/api/v1/checkpoints') return [200, this.#checkpoint(body as CheckpointBatch)]
    if (path === '/api/v1/runs' && method === 'POST') return this.#create(body as CreateRun)
    const [, , , , id = '', action, name = '', take] = path.split('/')
    const run = this.runs.get(id)
    if (run === undefined) return [404, { error: { code: 'not_found', message: `no ${path}` } }]
    if (action === undefined) return [200, run.show()]
    if (action === 'outcome') return this.#finish(run, body as RunOutcome)
    if (action === 'signals' && take === 'take') return this.signals.has(name) ? [200, { payload: this.signals.get(name) }] : [204, null]
    if (action === 'resume') {
      this.requeue(id)
      return [202, run.show()]
    }
    if (action === 'cancel' || action === 'pause') {
      this.command({ type: action, runId: run.id, execution: run.execution })
      return [202, run.show()]
    }
    return [404, { error: { code: 'not_found', message: `no ${path}` } }]
  }

  #create(request: CreateRun): [number, unknown] {
    const key = request.parent ? `${request.parent.runId}:${request.parent.stepKey}` : request.idempotencyKey
    const before = [...this.runs.values()].find((run) => run.idempotencyKey === key)
    if (before) return [200, { ...before.show(), claimed: null }]
    const traceId = request.traceId ?? (request.parent ? this.run(request.parent.runId).traceId : randomBytes(16).toString('hex'))
    const run = new FakeRun(request.id ?? randomUUID(), traceId, request, key ?? null)
    this.runs.set(run.id, run)
    if (request.claim) return [201, { ...run.show('running'), claimed: run.claim() }]
    this.requeue(run.id)
    return [201, run.show()]
  }

  async #claim(request: ClaimRequest): Promise<ClaimedRun[]> {
    for (let waited = false; ; waited = true) {
      const names = new Set(request.agents.map((agent) => agent.name))
      const due = [...this.runs.values()].filter((run) =>
        request.runId === undefined
          ? run.status === 'queued' && names.has(run.agent)
          : run.id === request.runId && run.status !== 'running' && run.status !== 'succeeded',
      )
      if (due.length > 0 || request.waitMs === 0 || waited) {
        const claimed = due.slice(0, request.limit).map((run) => run.claim())
        for (const { id } of claimed) this.#publish(id)
        return claimed
      }
      await new Promise<void>((resolve) => {
        this.#waitingClaims.push(resolve)
        setTimeout(resolve, request.waitMs).unref()
      })
    }
  }

  #checkpoint(batch: CheckpointBatch): unknown {
    this.batches.push(batch)
    const results = batch.checkpoints.map((item: Checkpoint) => this.run(item.runId).store(item))
    const emitted = batch.emitted.map((item) => {
      const fresh = this.run(item.runId).isFresh(item.execution)
      if (fresh) this.emitted.push(item)
      return { runId: item.runId, key: item.name, status: fresh ? 200 : 409, control: null, ...(fresh ? {} : { error: STALE }) }
    })
    for (const { runId } of batch.checkpoints) this.#publish(runId)
    return { results, emitted }
  }

  #finish(run: FakeRun, outcome: RunOutcome): [number, unknown] {
    if (!run.isFresh(outcome.execution)) return [409, { error: STALE }]
    run.finish(outcome)
    this.#publish(run.id)
    return [200, { status: run.status }]
  }

  #stream(id: string, after: number, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    this.#sse.set(id, [...(this.#sse.get(id) ?? []), response])
    for (const event of this.run(id).events) if (event.id > after) write(response, event)
  }

  #publish(id: string): void {
    const run = this.run(id)
    const fresh = run.events.slice(run.published)
    run.published = run.events.length
    for (const response of this.#sse.get(id) ?? []) for (const event of fresh) write(response, event)
  }
}

const STALE = { code: 'stale_execution', message: 'stale' }

function write(response: ServerResponse, event: { id: number; type: string }): void {
  response.write(`id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(status === 204 ? undefined : JSON.stringify(body))
}
