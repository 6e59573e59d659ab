import { LIMITS } from '@cairn/sdk/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OTHER_KEY, type RunCollector, startRunCollector } from '../testing/run-collector.fixture.ts'

let collector: RunCollector
beforeAll(async () => {
  collector = await startRunCollector()
})
afterAll(() => collector?.stop())

const NOBODY = '01980000-0000-7000-8000-00000000dead'

describe('a refusal', () => {
  it.each([
    ['no key', null],
    ['a key that nobody made', 'cairn_nobody'],
  ])('of %s is 401 and says how to get one', async (_what, key) => {
    const { status, body } = await collector.ask('GET', '/api/v1/runs', undefined, { key })
    expect(status).toBe(401)
    expect(body.error).toMatchObject({ code: 'unauthorized', message: expect.stringContaining('Settings') })
  })

  it.each([
    ['POST', '/api/v1/runs', { agent: 5 }, 'body.agent'],
    ['POST', '/api/v1/runs', { agent: 'a', tags: 'x' }, 'body.tags'],
    ['POST', '/api/v1/runs', { agent: '' }, 'body.agent'],
    ['POST', '/api/v1/runs', { agent: 'a', runAt: 'tomorrow' }, 'body.runAt'],
    ['POST', '/api/v1/runs', 'not json', 'body'],
    ['POST', '/api/v1/claims', { workerId: 'w', agents: [] }, 'body.agents'],
    ['POST', '/api/v1/claims', { workerId: 'w', agents: [{ name: 'a', versions: ['1'] }], waitMs: 1e9 }, 'body.waitMs'],
    ['POST', '/api/v1/checkpoints', { checkpoints: [{ runId: 'x', execution: 1, key: 'k' }] }, 'body.checkpoints.0.runId'],
    ['GET', '/api/v1/runs?limit=0', undefined, 'query.limit'],
    ['GET', `/api/v1/runs?limit=${LIMITS.pageItems + 1}`, undefined, 'query.limit'],
    ['GET', '/api/v1/runs?status=sleeping', undefined, 'query.status'],
    ['GET', '/api/v1/runs?cursor=nonsense', undefined, 'query.cursor'],
    ['GET', '/api/v1/runs/7', undefined, 'path.id'],
  ])('of %s %s names the field', async (method, path, sent, field) => {
    const { status, body } = await collector.ask(method, path, sent)
    expect(status).toBe(400)
    expect(body.error.code).toBe('invalid_request')
    expect(body.error.message.toLowerCase()).toContain(field.toLowerCase())
  })

  it('of a value that is too large names its field and the limit, and keeps nothing', async () => {
    const { status, body } = await collector.ask('POST', '/api/v1/runs', { agent: 'large', input: 'x'.repeat(LIMITS.valueBytes) })
    expect(status).toBe(413)
    expect(body.error).toMatchObject({ code: 'payload_too_large', message: expect.stringMatching(/body\.input.* may have 16777216\./) })
    expect((await collector.ask('GET', '/api/v1/runs?agent=large')).body.items).toEqual([])
  })

  it('of a body that is too large says how large it may be', async () => {
    const { status, body } = await collector.ask('POST', '/api/v1/runs', `"${'x'.repeat(LIMITS.requestBytes)}"`)
    expect(status).toBe(413)
    expect(body.error).toMatchObject({ code: 'payload_too_large', message: expect.stringContaining('32 MiB') })
  })

  it('of an artifact that is too large names its own limit', async () => {
    const { id } = await collector.create()
    const bytes = new Uint8Array(LIMITS.artifactBytes + 1)
    const { status, body } = await collector.ask('PUT', `/api/v1/runs/${id}/artifacts/a`, bytes, { headers: { 'x-cairn-execution': '1' } })
    expect(status).toBe(413)
    expect(body.error.message).toContain('64 MiB')
  })

  it('of a value nested too deep does not take the process down', async () => {
    const deep = `{"agent":"a","input":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    const { status, body } = await collector.ask('POST', '/api/v1/runs', deep)
    expect(status).toBe(400)
    expect(body.error.message).toContain('body.input')
  })

  it('of an address that does not exist is 404 in the same shape', async () => {
    const { status, body } = await collector.ask('GET', '/api/v1/nothing')
    expect(status).toBe(404)
    expect(body.error.code).toBe('not_found')
  })

  it.each([
    ['GET', '/api/v1/runs?agent=%00', undefined],
    ['POST', '/api/v1/runs', { agent: 'a', sessionId: 'a\0b' }],
    ['POST', '/api/v1/runs', { agent: 'a', userId: 'a\0b' }],
  ])('of %s %s with what can’t be stored is the caller’s, and says what', async (method, path, sent) => {
    const { status, body } = await collector.ask(method, path, sent)
    expect(status).toBe(400)
    expect(body.error).toMatchObject({ code: 'invalid_request', message: expect.stringContaining('NUL') })
  })

  it('never shows what is inside', async () => {
    const { text } = await collector.ask('POST', '/api/v1/runs', { agent: 'a\u0000b', tags: ['\u0000'] })
    expect(text).not.toMatch(/pg|postgres|invalid byte|at .*\.ts/)
  })
})

describe('another project', () => {
  const theirs = { key: OTHER_KEY }

  it('sees nothing of a run by any address', async () => {
    const run = await collector.failed()
    await collector.ask('PUT', `/api/v1/sessions/mine`, { state: 1 })
    await collector.ask('POST', '/api/v1/few-shot/mine/examples', { input: 1, output: 2 })
    const own = `/api/v1/runs/${run.id}`
    const asked: [string, string, unknown?][] = [
      ['GET', own],
      ['GET', `${own}/steps`],
      ['GET', `${own}/events`],
      ['GET', `${own}/resume-preview`],
      ['GET', `${own}/artifacts`],
      ['GET', `${own}/artifacts/a`],
      ['POST', `${own}/resume`, {}],
      ['POST', `${own}/fork`, { fromStep: 'one' }],
      ['POST', `${own}/cancel`, {}],
      ['POST', `${own}/pause`, {}],
      ['POST', `${own}/signals/s`, 1],
      ['POST', `${own}/outcome`, { execution: 1, status: 'succeeded' }],
      ['GET', `/api/v1/traces/${run.traceId}`],
      ['GET', '/api/v1/sessions/mine'],
      ['GET', '/api/v1/few-shot/mine'],
      ['GET', '/api/v1/few-shot/mine/export'],
      ['POST', '/api/v1/few-shot/set/examples', { runId: run.id }],
    ]
    for (const [method, path, body] of asked)
      expect([method, path, (await collector.ask(method, path, body, theirs)).status]).toEqual([method, path, 404])
    expect((await collector.ask('GET', '/api/v1/runs', undefined, theirs)).body.items).toEqual([])
    expect((await collector.ask('POST', '/api/v1/runs/resume', { perSecond: 100 }, theirs)).body).toMatchObject({ matched: 0 })
    expect(await collector.get(run.id)).toEqual(run)
  })

  it('claims none of its work and stores nothing in it', async () => {
    const { id } = await collector.create({ agent: 'tenant' })
    const agents = [{ name: 'tenant', versions: ['1'] }]
    expect((await collector.ask('POST', '/api/v1/claims', { workerId: 'w', agents }, theirs)).body.runs).toEqual([])
    await collector.claim({ agent: 'tenant' })
    const stolen = await collector.ask('POST', '/api/v1/checkpoints', { checkpoints: [{ runId: id, execution: 1, key: 'k' }] }, theirs)
    expect(stolen.body.results).toMatchObject([{ status: 404 }])
    expect(await collector.steps(id)).toEqual([])
  })
})

it('answers 404 for a run that nobody made', async () => {
  expect((await collector.ask('GET', `/api/v1/runs/${NOBODY}`)).status).toBe(404)
})
