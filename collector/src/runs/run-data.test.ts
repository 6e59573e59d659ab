import { randomBytes } from 'node:crypto'
import { Artifact, LogLines, RunEvent } from '@cairn/sdk/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { KEY, OTHER_KEY, type RunCollector, startRunCollector } from '../testing/run-collector.fixture.ts'

let collector: RunCollector
beforeAll(async () => {
  collector = await startRunCollector()
})
afterAll(() => collector?.stop())

async function running(agent: string) {
  const run = await collector.create({ agent })
  await collector.claim({ agent })
  return run.id
}

describe('artifacts', () => {
  const put = (id: string, name: string, bytes: Uint8Array | string, headers: Record<string, string> = {}) =>
    collector.ask('PUT', `/api/v1/runs/${id}/artifacts/${encodeURIComponent(name)}`, bytes, {
      headers: { 'x-cairn-execution': '1', 'content-type': 'application/octet-stream', ...headers },
    })
  const read = async (id: string, name: string) => {
    const url = `${collector.url}/api/v1/runs/${id}/artifacts/${encodeURIComponent(name)}`
    const answer = await fetch(url, { headers: { authorization: `Bearer ${KEY}` } })
    return { headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) }
  }

  it('come back byte for byte, and by a later version of the same name', async () => {
    const id = await running('bytes')
    const bytes = randomBytes(300_000)
    expect((await put(id, 'dir/ünï "x".bin', bytes)).status).toBe(201)
    expect((await read(id, 'dir/ünï "x".bin')).bytes.equals(bytes)).toBe(true)
    await put(id, 'dir/ünï "x".bin', 'second')
    expect((await read(id, 'dir/ünï "x".bin')).bytes.toString()).toBe('second')
    const { body } = await collector.ask('GET', `/api/v1/runs/${id}/artifacts`)
    expect(() => z.array(z.strictObject(Artifact.shape)).parse(body.items)).not.toThrow()
    expect(body.items).toMatchObject([{ name: 'dir/ünï "x".bin', bytes: 6, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }])
  })

  it('never run in the browser that opens them', async () => {
    const id = await running('hostile')
    await put(id, 'page.html', '<script>alert(1)</script>', { 'content-type': 'text/html' })
    const { headers } = await read(id, 'page.html')
    expect(headers.get('content-type')).toBe('text/html')
    expect(headers.get('content-disposition')).toMatch(/^attachment/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toContain('sandbox')
  })
})

describe('signals', () => {
  it('sent before the run waits are kept, and each is taken by one step', async () => {
    const id = await running('signals')
    for (const payload of [{ ok: true }, '"second"'])
      expect((await collector.ask('POST', `/api/v1/runs/${id}/signals/approval`, payload)).status).toBe(202)
    const take = (stepKey: string) => collector.ask('POST', `/api/v1/runs/${id}/signals/approval/take`, { execution: 1, stepKey })
    expect((await take('a')).body).toEqual({ payload: { ok: true } })
    // A step that asks again, after a crash, has what it had.
    expect((await take('a')).body).toEqual({ payload: { ok: true } })
    expect((await take('b')).body).toEqual({ payload: 'second' })
    expect((await take('c')).status).toBe(204)
  })

  it('to a run that has ended are refused', async () => {
    const id = await running('signal-late')
    await collector.finish(id, 1)
    expect((await collector.ask('POST', `/api/v1/runs/${id}/signals/s`, 1)).status).toBe(409)
  })
})

describe('the events of a run', () => {
  async function read(id: string, lastEventId?: number, most = Number.POSITIVE_INFINITY): Promise<RunEvent[]> {
    const answer = await fetch(`${collector.url}/api/v1/runs/${id}/events`, {
      headers: { authorization: `Bearer ${KEY}`, ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }) },
    })
    expect(answer.headers.get('content-type')).toContain('text/event-stream')
    const events: RunEvent[] = []
    let text = ''
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1]
        if (data === undefined) continue
        const event = RunEvent.parse(JSON.parse(data))
        expect(block).toContain(`id: ${event.id}\nevent: ${event.type}\n`)
        events.push(event)
        if (events.length === most) return events
      }
    }
    return events
  }

  it('come live and in order, and the stream ends with the run', async () => {
    const { id } = await collector.create({ agent: 'live' })
    const reading = read(id)
    await collector.claim({ agent: 'live' })
    await collector.checkpoint({ runId: id, execution: 1, key: 'k', kind: 'tool' })
    await collector.ask('POST', '/api/v1/checkpoints', { emitted: [{ runId: id, execution: 1, name: 'progress', data: { done: 1 } }] })
    await collector.finish(id, 1)
    const events = await reading
    expect(events.map((event) => ('status' in event ? `${event.type} ${event.status}` : event.type))).toEqual([
      'status queued',
      'status running',
      'step succeeded',
      'emit',
      'status succeeded',
    ])
    expect(events.map(({ id }) => id)).toEqual(events.map(({ id }) => id).toSorted((a, b) => a - b))
  })

  it('have an item once that was sent again because its answer was lost', async () => {
    const { id } = await collector.create({ agent: 'again' })
    await collector.claim({ agent: 'again' })
    const emit = (items: object[]) => collector.ask('POST', '/api/v1/checkpoints', { emitted: items })
    const item = { runId: id, execution: 1, name: 'progress', data: 1 }
    await emit([{ ...item, id: 1 }])
    const { body } = await emit([{ ...item, id: 1 }, { ...item, id: 2 }, item, item])
    expect(body.emitted.map(({ status }: { status: number }) => status)).toEqual([200, 200, 200, 200])
    await collector.finish(id, 1)
    expect((await read(id)).filter(({ type }) => type === 'emit')).toHaveLength(4)
  })

  it('go on from Last-Event-ID without loss or repeat, wherever the reader broke off', async () => {
    const id = await running('again')
    for (let i = 0; i < 20; i++) await collector.checkpoint({ runId: id, execution: 1, key: `k${i}` })
    await collector.finish(id, 1)
    const all = await read(id)
    expect(all).toHaveLength(23)
    for (const cut of [1, 7, 22]) {
      const first = await read(id, undefined, cut)
      expect([...first, ...(await read(id, first.at(-1)?.id))]).toEqual(all)
    }
    expect(await read(id, all.at(-1)?.id)).toEqual([])
  })
})

describe('a session', () => {
  const at = (path = '') => `/api/v1/sessions/conversation${path}`

  it('has versions: who saves over a newer one is told, and nothing is lost', async () => {
    const first = await collector.ask('PUT', at(), { state: { turn: 1 } })
    expect(first.body).toMatchObject({ id: 'conversation', version: 1, state: { turn: 1 }, messages: [] })
    expect(first.headers.get('etag')).toBe('"1"')
    const ok = await collector.ask('PUT', at(), { state: { turn: 2 } }, { headers: { 'if-match': '"1"' } })
    expect(ok.body.version).toBe(2)
    const late = await collector.ask('PUT', at(), { state: { turn: 'lost' } }, { headers: { 'if-match': '"1"' } })
    expect(late.status).toBe(409)
    expect(late.body.error).toMatchObject({ code: 'conflict', details: { version: 2 } })
    expect((await collector.ask('GET', at())).body.state).toEqual({ turn: 2 })
  })

  it('keeps messages in the order in which they were added, also by two at once', async () => {
    const add = (text: string) => collector.ask('POST', at('/messages'), { messages: [{ role: 'user', content: text }] })
    await Promise.all(Array.from({ length: 10 }, (_, i) => add(`m${i}`)))
    const { body } = await collector.ask('GET', at())
    expect(body.messages).toHaveLength(10)
    expect(new Set(body.messages.map((message: { content: string }) => message.content)).size).toBe(10)
  })
})

describe('a few-shot set', () => {
  it('takes good runs and literal examples, and gives them by version', async () => {
    const id = await running('good')
    await collector.finish(id, 1, { status: 'succeeded', output: '=1+1' })
    const set = '/api/v1/few-shot/replies'
    expect((await collector.ask('POST', `${set}/examples`, { runId: id, note: 'fine' })).body).toMatchObject({ version: 1 })
    const messages = [
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'hello' },
    ]
    expect((await collector.ask('POST', `${set}/examples`, { input: 'hi', output: 'hello', messages })).body).toMatchObject({ version: 2 })

    expect((await collector.ask('GET', set)).body).toMatchObject({ set: 'replies', version: 2, examples: [{ runId: id }, { runId: null }] })
    expect((await collector.ask('GET', `${set}?version=1`)).body.examples).toHaveLength(1)
    expect((await collector.ask('GET', `${set}?limit=1`)).body.examples).toHaveLength(1)
    expect((await collector.ask('GET', `${set}?version=9`)).status).toBe(404)

    const exported = async (format: string) => (await collector.ask('GET', `${set}/export?format=${format}`)).text
    const lines = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    expect(lines(await exported('openai'))[1]).toEqual({ messages })
    expect(lines(await exported('anthropic'))[1]).toEqual({ system: 'Be kind.', messages: messages.slice(1) })
    expect(lines(await exported('jsonl'))[1]).toMatchObject({ input: 'hi', output: 'hello' })
    // A sheet must not run what an agent wrote.
    expect(await exported('csv')).toContain("'=1+1")
  })

  it('takes no run that did not succeed', async () => {
    const run = await collector.failed()
    const { status, body } = await collector.ask('POST', '/api/v1/few-shot/replies/examples', { runId: run.id })
    expect(status).toBe(409)
    expect(body.error.message).toContain('failed')
  })
})

it('describes every address it serves', async () => {
  const { status, body } = await collector.ask('GET', '/api/v1/openapi.json', undefined, { key: null })
  expect(status).toBe(200)
  expect(body.openapi).toMatch(/^3\.1/)
  const paths = Object.keys(body.paths)
  for (const path of [
    '/v1/traces',
    '/api/v1/runs',
    '/api/v1/runs/{id}',
    '/api/v1/runs/{id}/steps',
    '/api/v1/runs/{id}/events',
    '/api/v1/runs/{id}/artifacts',
    '/api/v1/runs/{id}/artifacts/{name}',
    '/api/v1/runs/{id}/resume-preview',
    '/api/v1/runs/{id}/outcome',
    '/api/v1/runs/counts',
    '/api/v1/workers',
    '/api/v1/runs/{id}/resume',
    '/api/v1/runs/{id}/fork',
    '/api/v1/runs/{id}/cancel',
    '/api/v1/runs/{id}/pause',
    '/api/v1/runs/{id}/signals/{name}',
    '/api/v1/runs/resume',
    '/api/v1/claims',
    '/api/v1/checkpoints',
    '/api/v1/sessions/{id}',
    '/api/v1/sessions/{id}/messages',
    '/api/v1/few-shot/{set}',
    '/api/v1/few-shot/{set}/examples',
    '/api/v1/few-shot/{set}/export',
    '/api/v1/reports/{report}',
    '/api/v1/traces',
    '/api/v1/traces/{traceId}',
  ])
    expect(paths).toContain(path)
})

it('says how it is', async () => {
  const open = { key: null }
  expect((await collector.ask('GET', '/healthz', undefined, open)).body).toEqual({ status: 'ok' })
  expect((await collector.ask('GET', '/readyz', undefined, open)).body).toMatchObject({ postgres: 'ok', clickhouse: 'ok' })
  expect((await collector.ask('GET', '/metrics', undefined, open)).text).toMatch(/^# HELP/m)
})

describe('the log', () => {
  it('has what code wrote by run.log in spans of the run, in order, and nothing else', async () => {
    const { id, traceId } = await collector.create({ agent: 'logs' })
    const nanos = (ms: number) => String(BigInt(1_780_000_000_000 + ms) * 1_000_000n)
    const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } })
    const said = (ms: number, level: string, message: string) => ({
      ...{ name: 'cairn.log', timeUnixNano: nanos(ms) },
      attributes: [attribute('log.level', level), attribute('log.message', message), { key: 'n', value: { intValue: ms } }],
    })
    const span = (runId: string, events: object[]) => ({
      ...{ traceId, spanId: randomBytes(8).toString('hex'), name: 's', startTimeUnixNano: nanos(0), endTimeUnixNano: nanos(9) },
      attributes: [attribute('cairn.run.id', runId), { key: 'cairn.execution', value: { intValue: 2 } }],
      events,
    })
    const other = { name: 'other', timeUnixNano: nanos(1), attributes: [attribute('log.message', '"cairn.log"')] }
    const spans = [
      span(id, [said(5, 'warn', 'late'), other]),
      span(id, [said(1, 'info', 'early "quoted"')]),
      span('01900000-0000-7000-8000-000000000000', [said(2, 'info', 'of another run')]),
    ]
    await collector.ask('POST', '/v1/traces', { resourceSpans: [{ scopeSpans: [{ spans }] }] })
    const { body } = await collector.ask('GET', `/api/v1/runs/${id}/log`)
    expect(LogLines.parse(body)).toMatchObject({
      truncated: false,
      items: [
        { level: 'info', message: 'early "quoted"', execution: 2, fields: { n: 1 }, at: expect.stringMatching(/:40\.001/) },
        { level: 'warn', message: 'late', fields: { n: 5 } },
      ],
    })
    expect((await collector.ask('GET', `/api/v1/runs/${id}/log`, undefined, { key: OTHER_KEY })).status).toBe(404)
  })
})
