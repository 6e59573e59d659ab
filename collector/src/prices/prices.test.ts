import { getRunUsage, rewriteSpans } from '@cairn/clickhouse'
import type { Price, Report, Repricing, Trace, UnpricedModel } from '@cairn/sdk/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeSpan } from '../ingest/map/fixtures/read-fixture.ts'
import type { AttributeValue, OtlpSpan } from '../ingest/otlp/types.ts'
import { KEY, PROJECT_ID, startTestCollector, type TestCollector } from '../ingest/test-collector.fixture.ts'
import { writeSpanGroups } from '../ingest/write-spans.ts'
import { repriceSpans } from '../jobs/repricing.ts'

let collector: TestCollector
const RUN = '01980000-0000-7000-8000-00000000aaaa'
const TRACE = 'a'.repeat(32)
const HOUR_NS = 3_600_000_000_000n
/** Spans of some hours, days apart, so that there are several pages. */
const BEGIN_NS = (BigInt(Date.now()) - 20n * 86_400_000n) * 1_000_000n
const NOW = { turnMs: 60_000, beginAfterMs: 0, pageSpans: 3 }

let serial = 0
function call(model: string, tokens: number, more: Record<string, AttributeValue> = {}, rest: Partial<OtlpSpan> = {}): OtlpSpan {
  serial += 1
  const startNs = BEGIN_NS + BigInt(serial) * 17n * HOUR_NS
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'ours',
    'gen_ai.request.model': model,
    'gen_ai.usage.input_tokens': tokens,
    'gen_ai.usage.output_tokens': 7,
    'gen_ai.agent.name': 'planner',
    'cairn.run.id': RUN,
    'cairn.step.key': `think#${serial % 2}`,
    ...more,
  }
  return makeSpan(attributes, {
    traceId: TRACE,
    spanId: serial.toString(16).padStart(16, '0'),
    startNs,
    endNs: startNs + 1_000_000n,
    ...rest,
  })
}

beforeAll(async () => {
  collector = await startTestCollector()
  const items = [
    ...Array.from({ length: 11 }, (_, at) => call('our-model', 1_000 * (at + 1))),
    call('gpt-4o-mini', 1_000_000, { 'gen_ai.provider.name': 'openai' }),
    call('our-model', 0, { 'gen_ai.usage.output_tokens': 0 }, { statusCode: 2 }),
  ]
  await writeSpanGroups(collector.ctx, PROJECT_ID, [
    { resource: new Map(), scope: { name: '', version: '', attributes: new Map() }, schemaUrl: '', items },
  ])
})
afterAll(() => collector?.stop())

async function ask<T>(path: string, method = 'GET', body?: unknown): Promise<T> {
  const answer = await fetch(`${collector.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${KEY}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return (answer.status === 204 ? undefined : await answer.json()) as T
}

/** The same money by every way that there is. */
async function readCosts(): Promise<{ total: string | null; known: string[] }> {
  const trace = await ask<Trace>(`traces/${TRACE}`)
  const from = new Date(Date.now() - 40 * 86_400_000).toISOString()
  const [byModel, byStep, usage] = await Promise.all([
    ask<Report>(`reports/cost?groupBy=agent&from=${from}`),
    ask<Report>(`reports/cost?groupBy=step&from=${from}`),
    getRunUsage(collector.clickhouse, { projectId: PROJECT_ID, runIds: [RUN] }),
  ])
  return {
    total: trace.cost.total,
    known: [String(byModel.totals.cost), String(byStep.totals.cost), usage.get(RUN)?.knownUsd ?? ''],
  }
}

async function reprice(body: object, options = NOW): Promise<Repricing> {
  const { id } = await ask<Repricing>('prices/reprice', 'POST', body)
  await repriceSpans(collector.ctx, options)
  return ask<Repricing>(`prices/reprice/${id}`)
}

describe('a model without a price', () => {
  test('is listed, costs what its price says once it is priced again, and every sum agrees', async () => {
    const { items } = await ask<{ items: UnpricedModel[] }>('prices/unpriced')
    expect(items).toMatchObject([{ provider: 'ours', model: 'our-model', calls: 11 }])
    expect((await readCosts()).total).toBeNull()

    const price = await ask<Price>('prices', 'POST', { model: 'our-model', prices: { input: '2', output: 10 } })
    expect(price).toMatchObject({ provider: '', model: 'our-model', prices: { input: '2', output: '10' } })
    const job = await reprice({ model: 'our-model' })
    // 66,000 tokens in, 77 out: 0.132 + 0.00077.
    expect(job).toMatchObject({ status: 'succeeded', total: 11, done: 11, changed: 11, costDelta: '0.13277', error: null })

    const costs = await readCosts()
    // With the other model: 1,000,000 in at 0.15 and 7 out at 0.6.
    expect(costs).toEqual({ total: '0.2827742', known: ['0.2827742', '0.2827742', '0.2827742'] })
    expect(await ask('prices/unpriced')).toEqual({ items: [] })
    expect(await ask('prices')).toEqual({ items: [price] })
  })

  test('priced again by the same prices changes nothing', async () => {
    expect(await reprice({})).toMatchObject({ status: 'succeeded', done: 12, changed: 0, costDelta: '0' })
    expect((await readCosts()).known).toEqual(['0.2827742', '0.2827742', '0.2827742'])
  })

  test('a newer price goes before an older one; a process that dies in the middle of a page repeats nothing', async () => {
    await ask('prices', 'POST', {
      provider: 'ours',
      model: 'our-model',
      prices: { input: '1', output: '10' },
      validFrom: '2020-01-01T00:00:00Z',
    })
    const { id } = await ask<Repricing>('prices/reprice', 'POST', {})
    // Dies when the spans of its first page are written again, before it noted so; and again, at each page.
    for (let page = 0; page < 3; page++) {
      const dying = { ...collector.ctx, pool: dieAt(collector, 'move-repricing') }
      await expect(repriceSpans(dying, NOW)).rejects.toThrow('killed')
      await rewriteSpans(collector.clickhouse, { projectId: PROJECT_ID, jobId: id, page })
      await stepOnce(collector)
    }
    await repriceSpans(collector.ctx, NOW)
    expect(await ask(`prices/reprice/${id}`)).toMatchObject({ status: 'succeeded', done: 12, changed: 11, costDelta: '-0.066' })
    expect(await readCosts()).toEqual({ total: '0.2167742', known: ['0.2167742', '0.2167742', '0.2167742'] })
  })

  test('one that died over the noting of changes goes on; a deleted price is one no more, and the cost unknown again', async () => {
    const { items } = await ask<{ items: Price[] }>('prices')
    for (const { id } of items) await ask(`prices/${id}`, 'DELETE')
    const { id } = await ask<Repricing>('prices/reprice', 'POST', {})
    const dying = {
      ...collector.ctx,
      clickhouse: new Proxy(collector.clickhouse, {
        get: (target, name) => {
          const value = Reflect.get(target, name)
          if (name === 'command') return () => Promise.reject(Object.assign(new Error('killed'), { code: 'ECONNRESET' }))
          return typeof value === 'function' ? value.bind(target) : value
        },
      }),
    }
    await expect(repriceSpans(dying, NOW)).rejects.toThrow('killed')
    await repriceSpans(collector.ctx, NOW)
    expect(await ask(`prices/reprice/${id}`)).toMatchObject({ status: 'succeeded', changed: 11, costDelta: '-0.06677' })
    expect(await readCosts()).toEqual({ total: null, known: ['0.1500042', '0.1500042', '0.1500042'] })
    expect((await ask<{ items: UnpricedModel[] }>('prices/unpriced')).items).toMatchObject([{ model: 'our-model', calls: 11 }])
  })

  test('one that died over a page and is then cancelled has done that page: spans and sums agree', async () => {
    await ask('prices', 'POST', { model: 'our-model', prices: { input: '1', output: '1' } })
    const { id } = await ask<Repricing>('prices/reprice', 'POST', {})
    const failing = {
      ...collector.ctx,
      clickhouse: new Proxy(collector.clickhouse, {
        get: (target, name) => {
          const value = Reflect.get(target, name)
          if (name === 'command') return () => Promise.reject(new Error('MEMORY_LIMIT_EXCEEDED'))
          return typeof value === 'function' ? value.bind(target) : value
        },
      }),
    }
    // Not failed: the sums have the changes already.
    await expect(repriceSpans(failing, NOW)).rejects.toThrow('MEMORY_LIMIT_EXCEEDED')
    expect(await ask(`prices/reprice/${id}`)).toMatchObject({ status: 'running' })
    const cancelled = await ask<Repricing>(`prices/reprice/${id}/cancel`, 'POST')
    expect(cancelled.status).toBe('cancelled')
    expect(cancelled.changed).toBeGreaterThan(0)
    const known = (await readCosts()).known
    expect(known).toEqual([known[0], known[0], known[0]])
    expect(await reprice({})).toMatchObject({ status: 'succeeded', changed: 11 - cancelled.changed })
    const { total, known: after } = await readCosts()
    expect(after).toEqual([total, total, total])
    const { items } = await ask<{ items: Price[] }>('prices')
    for (const { id: price } of items) await ask(`prices/${price}`, 'DELETE')
    await reprice({})
  })

  test('two of a project go one after the other', async () => {
    const [first, second] = [await ask<Repricing>('prices/reprice', 'POST', {}), await ask<Repricing>('prices/reprice', 'POST', {})]
    const locker = await collector.ctx.pool.connect()
    try {
      await locker.query('BEGIN')
      await locker.query('SELECT FROM repricings WHERE id = $1 FOR UPDATE', [first.id])
      // Another collector has the first: the second waits for it.
      await repriceSpans(collector.ctx, NOW)
      expect(await ask(`prices/reprice/${second.id}`)).toMatchObject({ status: 'running', done: 0 })
    } finally {
      await locker.query('ROLLBACK')
      locker.release()
    }
    await repriceSpans(collector.ctx, NOW)
    for (const { id } of [first, second]) expect(await ask(`prices/reprice/${id}`)).toMatchObject({ status: 'succeeded' })
  })

  test('one that is cancelled leaves the rest as it is', async () => {
    const { id } = await ask<Repricing>('prices/reprice', 'POST', {})
    expect(await ask(`prices/reprice/${id}/cancel`, 'POST')).toMatchObject({ status: 'cancelled', done: 0 })
    await repriceSpans(collector.ctx, NOW)
    expect(await ask(`prices/reprice/${id}`)).toMatchObject({ status: 'cancelled', done: 0 })
  })
})

describe('refusals', () => {
  test.each([
    ['prices', { model: 'x', prices: {} }, 'body.prices: must have a price for at least one part of usage'],
    ['prices', { model: 'x', prices: { input: -1 } }, 'body.prices.input: must be between 0 and 1,000,000 US dollars'],
    ['prices', { model: 'x', prices: { inputs: 1 } }, 'body.prices: Unrecognized key: "inputs"'],
    ['prices', { prices: { input: 1 } }, 'body.model'],
    ['prices/reprice', { from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 'from must be before to.'],
  ])('POST %s %j', async (path, body, message) => {
    const answer = await ask<{ error: { code: string; message: string } }>(path, 'POST', body)
    expect(answer.error.code).toBe('invalid_request')
    expect(answer.error.message).toContain(message)
  })

  test('what is not there', async () => {
    const id = '01980000-0000-7000-8000-0000000000ff'
    for (const [path, method] of [
      [`prices/${id}`, 'DELETE'],
      [`prices/reprice/${id}`, 'GET'],
      [`prices/reprice/${id}/cancel`, 'POST'],
    ] as const)
      expect(await ask(path, method)).toMatchObject({ error: { code: 'not_found' } })
  })
})

/** A pool whose transactions die when they come to this statement. */
function dieAt({ ctx }: TestCollector, statement: string): TestCollector['ctx']['pool'] {
  return new Proxy(ctx.pool, {
    get: (target, name) => {
      if (name !== 'connect') return Reflect.get(target, name)
      return async () => {
        const client = await target.connect()
        return new Proxy(client, {
          get: (inner, key) => {
            const value = Reflect.get(inner, key)
            if (key === 'query')
              return (query: unknown) =>
                typeof query === 'object' && query !== null && 'name' in query && query.name === statement
                  ? Promise.reject(Object.assign(new Error('killed'), { code: 'ECONNRESET' }))
                  : inner.query(query as never)
            return typeof value === 'function' ? value.bind(inner) : value
          },
        })
      }
    },
  })
}

/** Does one page: the next one that is begun dies. */
async function stepOnce(test: TestCollector): Promise<void> {
  let isFirst = true
  const pool = new Proxy(test.ctx.pool, {
    get: (target, name) => {
      if (name !== 'connect') return Reflect.get(target, name)
      return () => {
        if (!isFirst) return Promise.reject(Object.assign(new Error('killed'), { code: 'ECONNRESET' }))
        isFirst = false
        return target.connect()
      }
    },
  })
  await expect(repriceSpans({ ...test.ctx, pool }, NOW)).rejects.toThrow('killed')
}
