import { randomUUID } from 'node:crypto'
import { Run, RunPage, Step } from '@cairn/sdk/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { KEY, type RunCollector, startRunCollector } from '../testing/run-collector.fixture.ts'

let collector: RunCollector
beforeAll(async () => {
  collector = await startRunCollector()
})
afterAll(() => collector?.stop())

describe('a run', () => {
  it('is created, claimed, checkpointed and finished, and reads back whole', async () => {
    const input = { question: 'why', at: { $cairn: 'date', v: '2026-01-01T00:00:00.000Z' } }
    const created = await collector.ask('POST', '/api/v1/runs', {
      agent: 'whole',
      input,
      version: '1',
      sessionId: 's',
      userId: 'u',
      tags: ['t1', 't2'],
      metadata: { team: 'x' },
    })
    expect(created.status).toBe(201)
    expect(created.body).toMatchObject({ status: 'queued', execution: 0, steps: { done: 0 } })
    const id = created.body.id

    const [claimed] = await collector.claim({ agent: 'whole' })
    expect(claimed).toMatchObject({ id, traceId: created.body.traceId, execution: 1, input, state: {}, steps: [], tags: ['t1', 't2'] })
    expect((await collector.get(id)).status).toBe('running')

    const results = await collector.checkpoint(
      { runId: id, execution: 1, key: 'plan', kind: 'model', output: ['a', 'b'], statePatch: [{ op: 'add', path: '/n', value: 1 }] },
      { runId: id, execution: 1, key: 'search', kind: 'tool', status: 'failed', attempt: 3, error: { type: 'E', message: 'no' } },
    )
    expect(results).toMatchObject([
      { runId: id, key: 'plan', status: 200, control: null },
      { runId: id, key: 'search', status: 200 },
    ])
    expect((await collector.finish(id, 1, { status: 'succeeded', output: { answer: 42 } })).body).toEqual({ status: 'succeeded' })

    const run = await collector.get(id)
    expect(() => z.strictObject(Run.shape).parse(run)).not.toThrow()
    expect(run).toMatchObject({
      agent: 'whole',
      status: 'succeeded',
      input,
      output: { answer: 42 },
      state: { n: 1 },
      error: null,
      sessionId: 's',
      userId: 'u',
      tags: ['t1', 't2'],
      metadata: { team: 'x' },
      usage: { total: 0 },
      cost: { total: '0', priced: true },
      executions: [{ number: 1, version: '1', workerId: 'w1', outcome: 'succeeded', replayedSteps: 0 }],
    })
    const steps = await collector.steps(id)
    for (const step of steps) expect(() => z.strictObject(Step.shape).parse(step)).not.toThrow()
    expect(
      steps.map(({ key, kind, status, attempt, execution, output, error }) => ({ key, kind, status, attempt, execution, output, error })),
    ).toEqual([
      { key: 'plan', kind: 'model', status: 'succeeded', attempt: 1, execution: 1, output: ['a', 'b'], error: null },
      { key: 'search', kind: 'tool', status: 'failed', attempt: 3, execution: 1, output: null, error: { type: 'E', message: 'no' } },
    ])
  })

  it('that failed over calls without a price has lost what nobody knows, as decimal text all the same', async () => {
    const run = await collector.failed()
    const attributes = Object.entries({
      'cairn.run.id': run.id,
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'a model without a price',
      'gen_ai.provider.name': 'ours',
    }).map(([key, stringValue]) => ({ key, value: { stringValue } }))
    const usage = { key: 'gen_ai.usage.input_tokens', value: { intValue: 10 } }
    const times = { startTimeUnixNano: `${Date.now()}000000`, endTimeUnixNano: `${Date.now()}000000` }
    const span = { traceId: run.traceId, spanId: '00000000000000a1', name: 'chat', ...times, attributes: [...attributes, usage] }
    expect((await collector.get(run.id)).lostUnpriced).toBe(false)
    await collector.ask('POST', '/v1/traces', { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })
    expect(await collector.get(run.id)).toMatchObject({ cost: { total: null }, lost: '0', lostUnpriced: true })
  })

  it('is made once however often its idempotency key comes', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => collector.ask('POST', '/api/v1/runs', { agent: 'once', input: i, idempotencyKey: 'order-7' })),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(19)
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect((await collector.ask('GET', '/api/v1/runs?agent=once')).body.items).toHaveLength(1)
  })

  it('is claimed by one worker however many ask', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, async () => (await collector.create({ agent: 'many' })).id))
    const claims = await Promise.all(Array.from({ length: 30 }, (_, i) => collector.claim({ agent: 'many', workerId: `w${i}` })))
    expect(
      claims
        .flat()
        .map((run) => run.id)
        .sort(),
    ).toEqual([...ids].sort())
  })

  it('waits for its time', async () => {
    const { id } = await collector.create({ agent: 'later', runAt: new Date(Date.now() + 1_000).toISOString() })
    expect(await collector.claim({ agent: 'later' })).toEqual([])
    expect(await collector.claim({ agent: 'later', waitMs: 5_000 })).toMatchObject([{ id }])
  })

  it('wakes a claim that waits for work', async () => {
    const waiting = collector.claim({ agent: 'awaited', waitMs: 20_000 })
    const { id } = await collector.create({ agent: 'awaited' })
    expect(await waiting).toMatchObject([{ id }])
  })

  it('is not claimed by somebody who went away', async () => {
    const gone = new AbortController()
    const body = { workerId: 'gone', agents: [{ name: 'left', versions: ['1'] }], waitMs: 20_000 }
    const waiting = fetch(`${collector.url}/api/v1/claims`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: gone.signal,
    })
    await new Promise((resolve) => setTimeout(resolve, 200))
    gone.abort()
    await expect(waiting).rejects.toThrow()
    await new Promise((resolve) => setTimeout(resolve, 100))
    const { id } = await collector.create({ agent: 'left' })
    expect(await collector.claim({ agent: 'left', waitMs: 3_000 })).toMatchObject([{ id, execution: 1 }])
  })

  it('is not given to a worker of another version', async () => {
    await collector.create({ agent: 'versioned', version: '2' })
    expect(await collector.claim({ agent: 'versioned' })).toEqual([])
  })
})

describe('a checkpoint', () => {
  it('of an execution that is over is refused, alone, and changes nothing', async () => {
    const [first, second] = await Promise.all([collector.create({ agent: 'fence' }), collector.create({ agent: 'fence' })])
    await collector.claim({ agent: 'fence', limit: 2 })
    const results = await collector.checkpoint(
      { runId: first?.id, execution: 1, key: 'ok' },
      { runId: second?.id, execution: 2, key: 'stale' },
      { runId: '01980000-0000-7000-8000-00000000dead' as never, execution: 1, key: 'lost' },
    )
    expect(results.map((result) => [result.key, result.status, result.error?.code])).toEqual([
      ['ok', 200, undefined],
      ['stale', 409, 'stale_execution'],
      ['lost', 404, 'not_found'],
    ])
    expect(await collector.steps(second?.id ?? '')).toEqual([])
  })

  it('sent twice is stored once, and of another output refused', async () => {
    const { id } = await collector.create({ agent: 'twice' })
    await collector.claim({ agent: 'twice' })
    const checkpoint = { runId: id, execution: 1, key: 'k', output: 'first' }
    expect(await collector.checkpoint(checkpoint)).toMatchObject([{ status: 200 }])
    expect(await collector.checkpoint(checkpoint)).toMatchObject([{ status: 200, duplicate: true }])
    expect((await collector.checkpoint({ ...checkpoint, output: 'second' }))[0]).toMatchObject({ status: 409 })
    expect((await collector.steps(id)).map((step) => step.output)).toEqual(['first'])
  })

  it('holds a value too large for its row', async () => {
    const { id } = await collector.create({ agent: 'blob', input: 'i'.repeat(1_000_000) })
    await collector.claim({ agent: 'blob' })
    await collector.checkpoint({ runId: id, execution: 1, key: 'k', output: 'o'.repeat(2_000_000) })
    expect((await collector.steps(id))[0]?.output).toBe('o'.repeat(2_000_000))
    expect((await collector.get(id)).input).toBe('i'.repeat(1_000_000))
  })
})

describe('an outcome', () => {
  it('sent again is fine; another one, or of an execution that is over, is refused', async () => {
    const { id } = await collector.create({ agent: 'end' })
    await collector.claim({ agent: 'end' })
    expect((await collector.finish(id, 1)).status).toBe(200)
    expect((await collector.finish(id, 1)).status).toBe(200)
    const late = await collector.finish(id, 1, { status: 'failed', error: { type: 'E', message: 'm' } })
    expect(late.status).toBe(409)
    expect(late.body.error.code).toBe('stale_execution')
    expect((await collector.get(id)).status).toBe('succeeded')
  })
})

describe('the list of runs', () => {
  it('has each run once, newest first, over its pages', async () => {
    const made = []
    for (let i = 0; i < 7; i++) made.push((await collector.create({ agent: 'paged', tags: ['page'] })).id)
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { body } = await collector.ask(
        'GET',
        `/api/v1/runs?agent=paged&limit=3${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      )
      const page: RunPage = RunPage.parse(body)
      expect(page.items.length).toBeLessThanOrEqual(3)
      seen.push(...page.items.map((item) => item.id))
      cursor = page.nextCursor
      // What comes in meanwhile neither shifts nor repeats what is read.
      await collector.create({ agent: 'paged' })
    }
    expect(seen).toEqual(made.reverse())
  })

  it.each([
    ['status=succeeded,failed', 2],
    ['status=queued', 1],
    ['version=v9', 1],
    ['sessionId=sess', 1],
    ['userId=user', 1],
    ['tag=red', 2],
    ['q=needle', 1],
    ['q=100%25', 0],
    ['from=2999-01-01T00:00:00Z', 0],
    ['to=2000-01-01T00:00:00Z', 0],
  ])('is filtered by %s', async (filter, count) => {
    const agent = `filtered-${randomUUID()}`
    const made = await Promise.all([
      collector.create({ agent, tags: ['red'], sessionId: 'sess', input: 'a needle here' }),
      collector.create({ agent, tags: ['red', 'blue'], userId: 'user' }),
    ])
    await collector.claim({ agent, limit: 2 })
    await collector.finish(made[0]?.id ?? '', 1)
    await collector.finish(made[1]?.id ?? '', 1, { status: 'failed', error: { type: 'E', message: 'm' } })
    await collector.create({ agent, version: 'v9' })
    const { body } = await collector.ask('GET', `/api/v1/runs?agent=${encodeURIComponent(agent)}&${filter}`)
    expect(body.items).toHaveLength(count)
  })
})
