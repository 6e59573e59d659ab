import { randomUUID } from 'node:crypto'
import { parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OTHER_KEY, type RunCollector, startRunCollector } from '../testing/run-collector.fixture.ts'

let collector: RunCollector
beforeAll(async () => {
  collector = await startRunCollector()
})
afterAll(() => collector?.stop())

/** Until ClickHouse has the copy. */
const SLOW = { timeout: 15_000 }
const list = (query: string, more = '') => collector.ask('GET', `/api/v1/runs?query=${encodeURIComponent(query)}${more}`)
const idsOf = async (query: string, more = '') => {
  const { status, body } = await list(query, more)
  expect([status, body.error]).toEqual([200, undefined])
  return (body.items as { id: string }[]).map((item) => item.id)
}

describe('a query of the list of runs', () => {
  it('finds by fields, alternatives, negation and ranges', async () => {
    const agent = `q-${randomUUID()}`
    const failed = await collector.failed({ agent, tags: ['nightly'], userId: 'ann' })
    const queued = await collector.create({ agent, tags: ['test'], sessionId: 's 1' })
    expect(await idsOf(`agent:${agent} status:failed,crashed`)).toEqual([failed.id])
    expect(await idsOf(`agent:${agent} -status:failed`)).toEqual([queued.id])
    expect(await idsOf(`agent:${agent} -tag:test`)).toEqual([failed.id])
    expect(await idsOf(`agent:${agent} session:"s 1"`)).toEqual([queued.id])
    expect(await idsOf(`agent:${agent} error:boomerr`)).toEqual([failed.id])
    expect(await idsOf(`agent:${agent} error:"Boom"`)).toEqual([])
    expect(await idsOf(`agent:${agent} executions:>=1 duration:<1h step:two user:ann`)).toEqual([failed.id])
    expect(await idsOf(`agent:${agent} started:<1h`)).toEqual([queued.id, failed.id])
    expect(await idsOf(`agent:${agent} started:>2h`)).toEqual([])
    expect(await idsOf(`id:${failed.id.slice(-8)}`)).toEqual([failed.id])
    expect((await collector.ask('GET', `/api/v1/runs?query=agent:${agent}`, undefined, { key: OTHER_KEY })).body.items).toEqual([])
  })

  it('that is not understood is refused with its place and what to write', async () => {
    const { status, body } = await list('agent:a cst:>1')
    expect(status).toBe(400)
    expect(body.error.message).toContain('character 9: `cst:` is no field; did you mean `cost:`? Write cost: instead.')
    expect(body.error.details).toMatchObject([{ place: [8, 12] }])
    for (const path of ['facets', 'export']) expect((await collector.ask('GET', `/api/v1/runs/${path}?query=cst:1`)).status).toBe(400)
  })

  it('finds words and phrases of inputs and outputs', async () => {
    const agent = `words-${randomUUID()}`
    const one = await collector.create({ agent, input: { ask: 'our Refund policy, please' } })
    const two = await collector.create({ agent, input: 'policy of a refund' })
    await expect.poll(() => idsOf(`agent:${agent} refund`), SLOW).toEqual([two.id, one.id])
    expect(await idsOf(`agent:${agent} "refund policy"`)).toEqual([one.id])
    expect(await idsOf(`agent:${agent} refund -"refund policy"`)).toEqual([two.id])
    expect(await idsOf(`agent:${agent} nowhere`)).toEqual([])
    // Words of its own texts and of its names together.
    expect(await idsOf(`agent:${agent} refund ${agent} please`)).toEqual([one.id])
    expect(await idsOf(`agent:${agent} refund nowhere`)).toEqual([])
  })

  it('finds twenty words and phrases that are in thousands of traces, and refuses more', async () => {
    const agent = `common-${randomUUID()}`
    const all = Array.from({ length: 20 }, (_, n) => `common${n}`)
    const text = all.join(' ')
    const spans = Array.from({ length: 2_000 }, (_, n) => ({
      traceId: randomUUID().replaceAll('-', ''),
      spanId: '00000000000000a1',
      name: 'chat',
      startTimeUnixNano: `${Date.now()}000000`,
      endTimeUnixNano: `${Date.now()}000000`,
      attributes: [{ key: 'input.value', value: { stringValue: `${text} ${n}` } }],
    }))
    const { id } = await collector.create({ agent, input: 'of other words' })
    const { traceId } = await collector.get(id)
    const own = { ...spans[0], traceId, attributes: [{ key: 'input.value', value: { stringValue: `${text} in a result` } }] }
    expect((await collector.ask('POST', '/v1/traces', { resourceSpans: [{ scopeSpans: [{ spans: [...spans, own] }] }] })).status).toBe(200)
    await expect.poll(() => idsOf(`agent:${agent} ${text}`), SLOW).toEqual([id])
    expect(
      await idsOf(
        `agent:${agent} ${all
          .slice(0, 5)
          .map((word) => `-${word}`)
          .join(' ')}`,
      ),
    ).toEqual([])
    expect((await list(`agent:${agent} ${text} more`)).status).toBe(400)
  })

  it('pages in other orders, each run once', async () => {
    const agent = `sort-${randomUUID()}`
    for (let i = 0; i < 5; i++) await collector.failed({ agent })
    await expect.poll(async () => (await idsOf(`agent:${agent} status:failed`, '&sort=duration')).length, SLOW).toBe(5)
    for (const sort of ['duration', 'cost', 'tokens', 'started'])
      for (const order of ['asc', 'desc']) {
        const seen: string[] = []
        let cursor = ''
        do {
          const { body } = await list(`agent:${agent}`, `&sort=${sort}&order=${order}&limit=2${cursor}`)
          seen.push(...body.items.map((item: { id: string }) => item.id))
          cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`
        } while (cursor !== '')
        expect([sort, order, new Set(seen).size, seen.length]).toEqual([sort, order, 5, 5])
      }
    const { nextCursor } = (await list(`agent:${agent}`, '&sort=cost&limit=2')).body
    for (const sort of ['started', 'duration', 'tokens'])
      expect((await list(`agent:${agent}`, `&sort=${sort}&order=asc&limit=2&cursor=${nextCursor}`)).status).toBe(400)
    const forged = Buffer.from(JSON.stringify(['1.5', randomUUID(), new Date().toISOString(), 'tokens'])).toString('base64url')
    expect((await list(`agent:${agent}`, `&sort=tokens&cursor=${forged}`)).status).toBe(400)
    expect(await idsOf(`agent:${agent} cost:<=0 tokens:0`)).toHaveLength(5)
    expect(await idsOf(`agent:${agent} cost:>0`)).toEqual([])
  })
})

describe('facets', () => {
  it('count each field under the filter without its own condition, and by time', async () => {
    const agent = `facet-${randomUUID()}`
    await collector.failed({ agent, tags: ['a', 'b'] })
    await collector.failed({ agent, tags: ['a'] })
    await collector.create({ agent, userId: 'ann' })
    const ask = async () =>
      (await collector.ask('GET', `/api/v1/runs/facets?query=${encodeURIComponent(`agent:${agent} status:failed`)}`)).body
    await expect.poll(async () => (await ask()).matched, SLOW).toBe(2)
    await expect
      .poll(async () => (await ask()).facets.status, SLOW)
      .toEqual([
        { value: 'failed', count: 2 },
        { value: 'queued', count: 1 },
      ])
    const { facets, histogram } = await ask()
    expect(facets).toMatchObject({
      agent: expect.arrayContaining([{ value: agent, count: 2 }]),
      error: [{ value: 'BoomError', count: 2 }],
      tag: [
        { value: 'a', count: 2 },
        { value: 'b', count: 1 },
      ],
      user: [],
    })
    expect(histogram.buckets.reduce((sum: number, bucket: { bad: number }) => sum + bucket.bad, 0)).toBe(2)
  })
})

describe('an export', () => {
  it('has all runs of a filter with inputs and outputs, in each format', async () => {
    const agent = `export-${randomUUID()}`
    for (let i = 0; i < 3; i++) await collector.failed({ agent, input: { n: i, text: '=1+1, "x"\nü' } })
    const get = (format: string) => collector.askBytes(`/api/v1/runs/export?query=agent:${agent}&format=${format}`)
    const lines = Buffer.from(await get('jsonl'))
      .toString()
      .trim()
      .split('\n')
    expect(lines.map((line) => JSON.parse(line).input.n)).toEqual([2, 1, 0])
    const csv = Buffer.from(await get('csv')).toString()
    expect(csv.split('\r\n')[0]).toMatch(/^id,traceId,agent/)
    expect(csv.match(/BoomError/g)).toHaveLength(3)
    const rows = await parquetReadObjects({ file: await get('parquet') })
    expect(rows).toMatchObject([{ agent, status: 'failed', executions: 1n, costUsd: '0' }, {}, {}])
    expect(JSON.parse(String(rows[0]?.input))).toEqual({ n: 2, text: '=1+1, "x"\nü' })
    expect(rows[0]?.createdAt).toBeInstanceOf(Date)
    expect(await parquetReadObjects({ file: await collector.askBytes('/api/v1/runs/export?query=agent:nobody&format=parquet') })).toEqual(
      [],
    )
  })
})

describe('a bulk action', () => {
  const BULK = '/api/v1/runs/bulk'
  const show = async (id: string) => (await collector.ask('GET', `${BULK}/${id}`)).body

  it('cancels what a query matches, and can be taken back before its time', async () => {
    const agent = `cancel-${randomUUID()}`
    const { id } = await collector.create({ agent })
    const later = await collector.ask('POST', BULK, { action: 'cancel', query: `agent:${agent}`, undoMs: 60_000 })
    expect(later).toMatchObject({ status: 202, body: { matched: 1, done: 0, endedAt: null } })
    expect((await collector.ask('DELETE', `${BULK}/${later.body.id}`)).body).toMatchObject({ done: 0, endedAt: expect.any(String) })
    expect((await collector.get(id)).status).toBe('queued')
    const { body } = await collector.ask('POST', BULK, { action: 'cancel', ids: [id], actor: 'ada' })
    await expect.poll(() => show(body.id), SLOW).toMatchObject({ done: 1, endedAt: expect.any(String) })
    expect((await collector.get(id)).status).toBe('cancelled')
    expect((await collector.ask('POST', `${BULK}/${body.id}/undo`)).status).toBe(409)
  })

  it('promotes runs once each, and takes the examples back', async () => {
    const agent = `promote-${randomUUID()}`
    const set = `set-${randomUUID()}`
    const { id } = await collector.create({ agent, input: 'in' })
    await collector.claim({ agent })
    await collector.finish(id, 1, { status: 'succeeded', output: 'out' })
    const failed = await collector.failed({ agent })
    expect((await collector.ask('POST', BULK, { action: 'promote', ids: [id] })).status).toBe(400)
    const { body } = await collector.ask('POST', BULK, { action: 'promote', ids: [id, failed.id], set, perSecond: 100 })
    await expect.poll(() => show(body.id), SLOW).toMatchObject({ done: 1, skipped: 1, endedAt: expect.any(String) })
    const examples = async () => (await collector.ask('GET', `/api/v1/few-shot/${set}`)).body.examples
    expect(await examples()).toMatchObject([{ runId: id, input: 'in', output: 'out' }])
    const again = await collector.ask('POST', BULK, { action: 'promote', query: `agent:${agent}`, set, perSecond: 100 })
    await expect.poll(() => show(again.body.id), SLOW).toMatchObject({ matched: 1, done: 0, skipped: 1 })
    // As if their processes had died after the examples were made, and before that was noted.
    const forget = (bulkId: string) =>
      collector.ctx.pool.query(
        `UPDATE bulk_resumes SET resumed = 0, skipped = 0, example_ids = '{}', starts_at = now() - interval '1 day', ended_at = NULL, next_at = now()
          WHERE id = $1`,
        [bulkId],
      )
    for (const bulkId of [body.id, again.body.id]) await forget(bulkId)
    await expect.poll(() => show(body.id), SLOW).toMatchObject({ done: 1, skipped: 1, endedAt: expect.any(String) })
    // The example of the other one is younger than its begin, and not its own.
    await expect.poll(() => show(again.body.id), SLOW).toMatchObject({ done: 0, skipped: 1, endedAt: expect.any(String) })
    expect(await examples()).toHaveLength(1)
    expect((await collector.ask('POST', `${BULK}/${again.body.id}/undo`)).body.undoneAt).toEqual(expect.any(String))
    expect(await examples()).toHaveLength(1)
    await collector.ctx.pool.query(`UPDATE bulk_resumes SET example_ids = '{}' WHERE id = $1`, [body.id])
    const { undoneAt } = (await collector.ask('POST', `${BULK}/${body.id}/undo`)).body
    expect(undoneAt).toEqual(expect.any(String))
    expect(await examples()).toEqual([])
    expect((await collector.ask('POST', `${BULK}/${body.id}/undo`)).body.undoneAt).toBe(undoneAt)
  })
})
