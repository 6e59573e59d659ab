import { readFileSync } from 'node:fs'
import { connect } from 'node:http2'
import { join } from 'node:path'
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { getTraceSpans } from '@cairn/clickhouse'
import type { Trace } from '@cairn/sdk/protocol'
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { decodeTracesJson } from './otlp/decode-json.ts'
import { decodeByOracle, encodeByOracle } from './otlp/otlp-proto.fixture.ts'
import { KEY, startTestCollector, type TestCollector } from './test-collector.fixture.ts'
import { settleSpans, writeSpanGroups } from './write-spans.ts'

const PRICED_PROJECT_ID = '01980000-0000-7000-8000-000000000002'

let collector: TestCollector
beforeAll(async () => {
  collector = await startTestCollector()
})
afterAll(() => collector?.stop())

const fixture = (file: string) => readFileSync(join(import.meta.dirname, 'map', 'fixtures', file))
const JSON_TYPE = 'application/json'
const PROTO_TYPE = 'application/x-protobuf'

function send(path: string, body: Buffer | string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${collector.url}${path}`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${KEY}`, 'content-type': JSON_TYPE, ...headers },
  })
}

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(`${collector.url}${path}`, { headers: { authorization: `Bearer ${KEY}` } })
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

let serial = 0
/** A model call of its own trace, as OTLP/JSON. */
function makeRequest(change: Record<string, unknown> = {}, attributes: Record<string, unknown> = {}) {
  serial += 1
  const traceId = serial.toString(16).padStart(32, 'a')
  const all = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4o-mini',
    'gen_ai.usage.input_tokens': 1_000_000,
    ...attributes,
  }
  const span = {
    traceId,
    spanId: '00000000000000b1',
    name: 'chat',
    startTimeUnixNano: '1764000000000000001',
    endTimeUnixNano: '1764000001000000001',
    attributes: Object.entries(all).map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { intValue: value } : { stringValue: value },
    })),
    ...change,
  }
  return { traceId, body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }) }
}

describe('OTLP over HTTP', () => {
  test.each([
    ['gen-ai.otlp', PROTO_TYPE, 'e8e885b0d54c8e290f8be064c70e823b', '', (body: Buffer) => body],
    ['openinference-openai.otlp', PROTO_TYPE, '75f3ce9bd1c6c1a5722f6dacd85018f7', 'gzip', (body: Buffer) => gzipSync(body)],
    ['ai-sdk-7.json', JSON_TYPE, 'e810246e37db95136809dd6fc9bd752c', 'deflate', (body: Buffer) => deflateSync(body)],
    ['ai-sdk-7-legacy.json', JSON_TYPE, 'a7e802d46b6c3ffd3394e7fe2aa196e4', 'zstd', (body: Buffer) => zstdCompressSync(body)],
  ])(
    '%s is in the store when the answer comes, with input, output and what it cost once',
    async (file, type, traceId, encoding, compress) => {
      const answer = await send('/v1/traces', compress(fixture(file)), {
        'content-type': type,
        ...(encoding === '' ? {} : { 'content-encoding': encoding }),
      })
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toBe(type)
      expect(await answer.text()).toBe(type === JSON_TYPE ? '{}' : '')

      const trace = await get<Trace>(`/api/v1/traces/${traceId}`)
      expect(trace.usage.total).toBe(1200)
      expect(trace.cost).toMatchObject({ total: '0.00024', priced: true })
      const call = trace.spans.find((span) => span.billable)
      expect(call).toMatchObject({ kind: 'model', provider: 'openai', model: 'gpt-4o-mini-2024-07-18' })
      expect(JSON.stringify(call?.input)).toContain('Why do cairns mark trails?')
      expect(JSON.stringify(call?.output)).toContain('They endure.')
    },
  )

  test('a span whole: attributes, events with nanoseconds, exception and cost by part', async () => {
    const trace = await get<Trace>('/api/v1/traces/e8e885b0d54c8e290f8be064c70e823b')
    const tool = trace.spans.find((span) => span.kind === 'tool')
    const span = await get<Trace['spans'][number]>(`/api/v1/traces/${trace.traceId}/spans/${tool?.spanId}`)
    expect(span).toEqual(tool)
    expect(span).toMatchObject({
      toolName: 'map',
      input: { place: 'Skye' },
      output: null,
      errorType: 'TypeError',
      attributes: { 'gen_ai.tool.name': 'map' },
      resource: { 'service.name': 'trail-service' },
      scope: { name: 'app', version: '1.2.3' },
      cost: { total: '0', parts: {}, priced: true },
    })
    expect(span.errorStack).toContain('TypeError: no map of Skye')
    expect(span.events).toMatchObject([{ name: 'exception', time: expect.stringMatching(/^2026-.*\.\d{9}Z$/) }])
    const list = await get<{ items: { traceId: string; spans: number; errors: number }[] }>(
      '/api/v1/traces?service=trail-service&agent=guide&model=gpt-4o-mini&q=skye&status=error&sessionId=hike-1&userId=ada',
    )
    expect(list.items).toMatchObject([{ traceId: trace.traceId, spans: 3, errors: 1 }])
  })

  test('traces come page by page', async () => {
    const first = await get<{ items: { traceId: string }[]; nextCursor: string }>(
      '/api/v1/traces?limit=2&from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z',
    )
    const second = await get<{ items: { traceId: string }[]; nextCursor: null }>(
      `/api/v1/traces?limit=2&from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z&cursor=${first.nextCursor}`,
    )
    expect(new Set([...first.items, ...second.items].map((item) => item.traceId)).size).toBe(4)
    expect(second.nextCursor).toBeNull()
  })

  test('a retrying exporter counts once, in the same request and in the next', async () => {
    const { traceId, body } = makeRequest({}, { 'cairn.run.id': '01980000-0000-7000-8000-00000000aaaa' })
    await Promise.all([send('/v1/traces', body), send('/v1/traces', body)])
    await send('/v1/traces', body)
    expect((await get<Trace>(`/api/v1/traces/${traceId}`)).cost.total).toBe('0.15')
    const sums = await collector.clickhouse.query({
      query: 'SELECT toString(sum(cost_total)) AS cost, sum(usage_total) AS tokens FROM run_usage WHERE run_id = {id:String}',
      query_params: { id: '01980000-0000-7000-8000-00000000aaaa' },
      format: 'JSONEachRow',
    })
    expect(await sums.json()).toEqual([{ cost: '0.15', tokens: '1000000' }])
  })

  test('a span written for a dead process gives way to the real one that comes late', async () => {
    const interrupted = makeRequest({ attributes: [{ key: 'cairn.interrupted', value: { boolValue: true } }], status: { code: 2 } })
    await send('/v1/traces', interrupted.body)
    expect((await get<Trace>(`/api/v1/traces/${interrupted.traceId}`)).spans).toMatchObject([{ interrupted: true, status: 'error' }])
    await send('/v1/traces', interrupted.body.replace('cairn.interrupted', 'was.interrupted').replace('"code":2', '"code":1'))
    expect((await get<Trace>(`/api/v1/traces/${interrupted.traceId}`)).spans).toMatchObject([{ interrupted: false, status: 'ok' }])
    await send('/v1/traces', interrupted.body)
    expect((await get<Trace>(`/api/v1/traces/${interrupted.traceId}`)).spans).toMatchObject([{ interrupted: false }])
  })

  test('a call without a price makes the total unknown, not smaller', async () => {
    const { traceId, body } = makeRequest({}, { 'gen_ai.request.model': 'gpt-99' })
    await send('/v1/traces', body)
    expect((await get<Trace>(`/api/v1/traces/${traceId}`)).cost).toEqual({ total: null, parts: {}, priced: false })
  })

  test('a project’s own price comes before the public list', async () => {
    await collector.ctx.pool.query('INSERT INTO organizations (id, name) VALUES ($1, $2)', [PRICED_PROJECT_ID, 'o'])
    await collector.ctx.pool.query('INSERT INTO projects (id, organization_id, name) VALUES ($1, $1, $2)', [PRICED_PROJECT_ID, 'p'])
    await collector.ctx.pool.query(
      `INSERT INTO price_overrides (id, project_id, provider, model, prices, valid_from) VALUES ($1, $1, '', 'gpt-4o-mini', '{"input":"3.5"}', '2020-01-01')`,
      [PRICED_PROJECT_ID],
    )
    const { traceId, body } = makeRequest()
    await writeSpanGroups(collector.ctx, PRICED_PROJECT_ID, decodeTracesJson(Buffer.from(body)))
    await settleSpans(collector.ctx)
    expect(await getTraceSpans(collector.clickhouse, { projectId: PRICED_PROJECT_ID, traceId })).toMatchObject([
      { cost: { total: '3.5' }, priceId: `override/${PRICED_PROJECT_ID}` },
    ])
  })

  test('spans that can’t be kept are counted, with why; the others are kept', async () => {
    const good = JSON.parse(makeRequest().body)
    const spans = good.resourceSpans[0].scopeSpans[0].spans
    const traceId = spans[0].traceId
    spans.push(
      { ...spans[0], spanId: '0000000000000000' },
      { ...spans[0], traceId: 'abc' },
      { ...spans[0], spanId: '00000000000000b2', startTimeUnixNano: 0 },
    )
    const answer = await send('/v1/traces', JSON.stringify(good))
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({
      partialSuccess: {
        rejectedSpans: '3',
        errorMessage: expect.stringMatching(/1 spans: span_id must be.*1 spans: trace_id must be.*1 spans: start_time/),
      },
    })
    expect((await get<Trace>(`/api/v1/traces/${traceId}`)).spans).toHaveLength(1)
  })

  test('text that is hard to store comes back as it was', async () => {
    const text = 'NUL \u0000, quote ", backslash \\, emoji 🏔, tab \t'
    const { traceId, body } = makeRequest({ name: text }, { odd: text, 'gen_ai.tool.call.arguments': text })
    expect((await send('/v1/traces', body)).status).toBe(200)
    expect((await get<Trace>(`/api/v1/traces/${traceId}`)).spans).toMatchObject([{ name: text, attributes: { odd: text }, input: text }])
  })

  test('half a surrogate pair, and 64-bit integers, are no obstacle', async () => {
    const { traceId, body } = makeRequest({}, { half: 'HALF', 'gen_ai.prompt': '[{"role":"user","content":"HALF"}]', big: 'BIG' })
    const odd = body.replaceAll('HALF', '\\ud800').replace('{"stringValue":"BIG"}', '{"intValue":9223372036854775807}')
    expect((await send('/v1/traces', odd)).status).toBe(200)
    const [span] = (await get<Trace>(`/api/v1/traces/${traceId}`)).spans
    expect(span?.attributes).toMatchObject({ half: '�', big: { $cairn: 'bigint', v: '9223372036854775807' } })
  })

  test('logs carry a call’s messages, whether they come before its span or after', async () => {
    const before = makeRequest()
    const after = makeRequest()
    const log = (traceId: string, name: string, body: unknown) => ({
      traceId,
      spanId: '00000000000000b1',
      timeUnixNano: `176400000000000000${name.length % 10}`,
      eventName: name,
      body,
    })
    const message = (content: string) => ({ kvlistValue: { values: [{ key: 'content', value: { stringValue: content } }] } })
    const logsOf = (traceId: string) =>
      JSON.stringify({
        resourceLogs: [
          {
            scopeLogs: [
              {
                logRecords: [
                  // Of a loop: at one time, under one name.
                  log(traceId, 'gen_ai.user.message', message('hi')),
                  log(traceId, 'gen_ai.user.message', message('are you there?')),
                  log(traceId, 'gen_ai.user.message', message('are you there?')),
                  log(traceId, 'gen_ai.choice', { kvlistValue: { values: [{ key: 'message', value: message('hello') }] } }),
                  log(traceId, 'other', {}),
                ],
              },
            ],
          },
        ],
      })
    expect(await (await send('/v1/logs', logsOf(before.traceId))).json()).toEqual({})
    await send('/v1/traces', before.body)
    await send('/v1/traces', after.body)
    await send('/v1/logs', logsOf(after.traceId))
    // Sent again by an exporter that got no answer.
    await send('/v1/logs', logsOf(after.traceId))
    for (const { traceId } of [before, after])
      expect((await get<Trace>(`/api/v1/traces/${traceId}`)).spans).toMatchObject([
        {
          input: ['hi', 'are you there?', 'are you there?'].map((content) => ({ role: 'user', parts: [{ type: 'text', content }] })),
          output: [{ role: 'assistant', parts: [{ type: 'text', content: 'hello' }] }],
        },
      ])
  })

  test('many small requests at once are all stored', async () => {
    const requests = Array.from({ length: 60 }, () => makeRequest())
    const answers = await Promise.all(requests.map(({ body }) => send('/v1/traces', body)))
    expect(answers.every((answer) => answer.status === 200)).toBe(true)
    await settleSpans(collector.ctx)
    const count = await collector.clickhouse.query({
      query: 'SELECT count() AS n FROM spans WHERE trace_id IN {ids:Array(String)}',
      query_params: { ids: requests.map((request) => request.traceId) },
      format: 'JSONEachRow',
    })
    expect(await count.json()).toEqual([{ n: '60' }])
  })
})

describe('refusals over HTTP', () => {
  test.each([
    ['a wrong key', { authorization: 'Bearer nope' }, '{}', 401, 16],
    ['no key', { authorization: '' }, '{}', 401, 16],
    ['another content type', { 'content-type': 'text/plain' }, '{}', 415, 3],
    ['an unknown encoding', { 'content-encoding': 'br' }, '{}', 415, 3],
    ['a body that is no JSON', {}, '{', 400, 3],
    ['a body that is not gzip', { 'content-encoding': 'gzip' }, '{}', 400, 3],
  ])('%s', async (_what, headers, body, status, code) => {
    const answer = await send('/v1/traces', body, headers)
    expect(answer.status).toBe(status)
    if (answer.headers.get('content-type') === JSON_TYPE) expect(await answer.json()).toMatchObject({ code, message: expect.any(String) })
    else expect(decodeByOracle('RpcStatus', new Uint8Array(await answer.arrayBuffer()))).toMatchObject({ code })
  })

  test('a bomb of 100 MiB is refused before it has grown', async () => {
    const answer = await send('/v1/traces', gzipSync(Buffer.alloc(100 * 1024 * 1024)), {
      'content-type': PROTO_TYPE,
      'content-encoding': 'gzip',
    })
    expect(answer.status).toBe(413)
    expect(decodeByOracle('RpcStatus', new Uint8Array(await answer.arrayBuffer()))).toMatchObject({
      code: 8,
      message: expect.stringContaining('64 MiB'),
    })
  })

  test('a span that no one asked about is not found, and a bad id is a bad request', async () => {
    const status = async (path: string) => (await fetch(`${collector.url}${path}`, { headers: { authorization: `Bearer ${KEY}` } })).status
    expect(await status(`/api/v1/traces/${'f'.repeat(32)}`)).toBe(404)
    expect(await status('/api/v1/traces/xyz')).toBe(400)
    expect(await status('/api/v1/traces?cursor=xyz')).toBe(400)
  })
})

describe('OTLP over gRPC', () => {
  const call = (path: string, body: Buffer, key = KEY): Promise<Buffer> => {
    const client = new Client(`127.0.0.1:${collector.grpcPort}`, credentials.createInsecure(), { 'grpc.default_compression_algorithm': 2 })
    const metadata = new Metadata()
    metadata.set('authorization', `Bearer ${key}`)
    const same = (bytes: Buffer) => bytes
    return new Promise<Buffer>((resolve, reject) => {
      client.makeUnaryRequest(path, same, same, body, metadata, (error: ServiceError | null, value?: Buffer) => {
        client.close()
        if (error === null && value !== undefined) resolve(value)
        else reject(error)
      })
    })
  }
  const TRACES = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'

  test('spans are stored when the answer comes; gzip and more than 4 MiB are no obstacle', async () => {
    const traceId = Buffer.alloc(16, 0xcc)
    const text = Array.from({ length: 600_000 }, (_, i) => `stone ${i}`).join(' ')
    const body = encodeByOracle('TracesData', {
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                {
                  traceId,
                  spanId: Buffer.alloc(8, 1),
                  name: 'large',
                  startTimeUnixNano: '1764000000000000000',
                  endTimeUnixNano: '1764000000000000001',
                  attributes: [{ key: 'input.value', value: { stringValue: text } }],
                },
              ],
            },
          ],
        },
      ],
    })
    expect(body.length).toBeGreaterThan(5_000_000)
    expect(await call(TRACES, body)).toHaveLength(0)
    const read = () => get<Trace>(`/api/v1/traces/${traceId.toString('hex')}`)
    expect((await vi.waitFor(read, { timeout: 20_000 })).spans).toMatchObject([{ name: 'large', input: text }])
  })

  test('who has no key is refused before a byte of the message is sent', async () => {
    const session = connect(`http://127.0.0.1:${collector.grpcPort}`)
    const stream = session.request({
      ':method': 'POST',
      ':path': TRACES,
      'content-type': 'application/grpc',
      te: 'trailers',
      authorization: 'Bearer wrong',
    })
    const status = await new Promise((resolve, reject) => {
      stream.on('response', (headers) => headers['grpc-status'] !== undefined && resolve(headers['grpc-status']))
      stream.on('trailers', (trailers) => resolve(trailers['grpc-status']))
      stream.on('error', reject)
      stream.resume()
    })
    expect(status).toBe('16')
    session.destroy()
  })

  test('a wrong key is unauthenticated, a body that is no message invalid', async () => {
    await expect(call(TRACES, Buffer.alloc(0), 'nope')).rejects.toMatchObject({ code: 16 })
    await expect(call(TRACES, Buffer.from([0x0a, 0x05, 0x01]))).rejects.toMatchObject({ code: 3 })
  })
})

describe('when ClickHouse is away', () => {
  test('spans are taken all the same, and are there once it is back', async () => {
    await collector.stopClickHouse()
    const requests = Array.from({ length: 5 }, () => makeRequest())
    for (const { body } of requests) expect((await send('/v1/traces', body)).status).toBe(200)
    await collector.startClickHouse()
    for (const { traceId } of requests)
      await vi.waitFor(async () => expect((await get<Trace>(`/api/v1/traces/${traceId}`)).spans).toHaveLength(1), { timeout: 20_000 })
  })
})
