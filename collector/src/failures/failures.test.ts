import { randomBytes } from 'node:crypto'
import { decideFailure, ensureFirstProject, inTransaction, listWatchedDecisions, tryLockReopening } from '@cairn/prisma'
import type { FailureDifferences, FailureGroup, FailurePage } from '@cairn/sdk/protocol'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Notifier } from '../runs/notifier.ts'
import { OTHER_KEY, type RunCollector, startRunCollector } from '../testing/run-collector.fixture.ts'
import { crashHeldRuns } from '../workers/bury-worker.ts'
import { OpenSpans } from '../workers/open-spans.ts'
import { reopenFailures } from './judge-groups.ts'

let collector: RunCollector
beforeAll(async () => {
  collector = await startRunCollector()
})
afterAll(() => collector?.stop())

const list = async (query = '', key?: string): Promise<FailurePage> =>
  (await collector.ask('GET', `/api/v1/failures${query}`, undefined, key === undefined ? {} : { key })).body
const show = async (group: string): Promise<FailureGroup> => (await collector.ask('GET', `/api/v1/failures/${group}`)).body
const decide = (group: string, body: object) => collector.ask('PUT', `/api/v1/failures/${group}`, body)

/** A run of an agent that fails with a message in a step; waits until its group has so many failures. */
async function fail(
  agent: string,
  more: { message?: string; version?: string; step?: string; userId?: string; tags?: string[] } = {},
): Promise<string> {
  const { message = 'boom 17', step = 'two', version = '1', ...run } = more
  const { id } = await collector.create({ agent, ...run })
  const agents = [{ name: agent, versions: [version], recovery: { mode: 'manual', backoffMs: 0 } }]
  await collector.ask('POST', '/api/v1/claims', { workerId: `of-${id}`, agents, limit: 1, waitMs: 0 })
  await collector.finish(id, 1, { status: 'failed', error: { type: 'BoomError', message }, failedStep: step })
  return id
}
const seen = (agent: string, count: number): Promise<FailurePage['items']> =>
  vi.waitFor(
    async () => {
      const { items } = await list(`?agent=${agent}`)
      expect(items.reduce((sum, item) => sum + item.count, 0)).toBe(count)
      return items
    },
    { timeout: 30_000, interval: 300 },
  )

const hex = (bytes: number) => randomBytes(bytes).toString('hex')
const DECISION = {
  isRegression: false,
  state: 'resolved',
  ...{ actor: null, note: null, inVersion: null, oldVersions: [], untilTime: null, untilCount: null },
} as const
interface PlainSpan {
  readonly name: string
  readonly parent?: PlainSpan
  readonly error?: string
  readonly id?: string
}
async function sendTrace(service: string, spans: readonly PlainSpan[]): Promise<string> {
  const traceId = hex(16)
  const ids = new Map(spans.map((span) => [span, hex(8)]))
  const nowNs = BigInt(Date.now()) * 1_000_000n
  const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } })
  await collector.ask('POST', '/v1/traces', {
    resourceSpans: [
      {
        resource: { attributes: [attribute('service.name', service)] },
        scopeSpans: [
          {
            spans: spans.map((span, at) => ({
              traceId,
              spanId: ids.get(span),
              parentSpanId: span.parent === undefined ? '' : ids.get(span.parent),
              name: span.name,
              kind: 1,
              startTimeUnixNano: String(nowNs - 1_000_000_000n + BigInt(at)),
              endTimeUnixNano: String(nowNs - BigInt(at) * 1_000_000n),
              status: span.error === undefined ? {} : { code: 2, message: span.error },
            })),
          },
        ],
      },
    ],
  })
  return traceId
}

describe('groups of failures', { timeout: 90_000 }, () => {
  it('count executions that failed, also of runs that went on since, with a way to resume', async () => {
    const ids = [await fail('counted', { userId: 'ada' }), await fail('counted', { message: 'boom 18' }), await fail('counted')]
    const [group, ...rest] = await seen('counted', 3)
    expect(rest).toEqual([])
    expect(group).toMatchObject({
      state: 'open',
      regression: false,
      errorType: 'BoomError',
      step: 'two',
      runs: 3,
      users: 1,
      versions: ['1'],
    })
    expect(group?.trend.reduce((a, b) => a + b)).toBe(3)
    await collector.ask('POST', `/api/v1/runs/${ids[0]}/resume`, {})
    const [again] = await seen('counted', 3)
    const shown = await show(again?.group ?? '')
    expect(shown).toMatchObject({ count: 3, resumable: 2, lost: '0', topUsers: [{ id: 'ada', count: 1 }] })
    expect(shown.examples.newest).toMatchObject({ runId: ids[2], version: '1', step: 'two' })
    expect(shown.fingerprint).toMatchObject({
      isCurrent: true,
      message: [
        { text: 'boom ', replaced: null },
        { text: '<n>', replaced: '17' },
      ],
    })
  })

  it('are of one project', async () => {
    await fail('mine')
    const [group] = await seen('mine', 1)
    expect((await list('', OTHER_KEY)).items).toEqual([])
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PUT', '', { state: 'muted' }],
    ] as const)
      expect((await collector.ask(method, `/api/v1/failures/${group?.group}${path}`, body, { key: OTHER_KEY })).status).toBe(404)
    await collector.ask('POST', `/api/v1/failures/${group?.group}/merge`, { groups: ['0'.repeat(16)] }, { key: OTHER_KEY })
    expect(await show(group?.group ?? '')).toMatchObject({ state: 'open', merged: 0, history: [] })
  })

  it('are resolved until they fail again, and open as a regression then, by themselves', async () => {
    await fail('regressing')
    const [{ group } = { group: '' }] = await seen('regressing', 1)
    expect((await decide(group, { state: 'resolved', actor: 'ada', note: 'fixed it' })).body).toMatchObject({ state: 'resolved' })
    expect((await list('?agent=regressing')).counts).toEqual({ open: 0, resolved: 1, muted: 0 })
    await fail('regressing')
    await seen('regressing', 2)
    expect(await show(group)).toMatchObject({ state: 'open', regression: true })
    expect((await list('?agent=regressing&state=open')).items).toMatchObject([{ group, regression: true }])
    const { pool } = collector.ctx
    const projectId = (await ensureFirstProject(pool)).id
    await inTransaction(pool, async (db) => {
      expect(await tryLockReopening(db, projectId)).toBe(true)
      // Another collector is at it.
      await reopenFailures(collector.ctx)
      expect((await show(group)).history[0]).toMatchObject({ change: 'resolved' })
    })
    // Another project can't be judged.
    const { rows } = await pool.query<{ id: string }>(`SELECT id FROM projects WHERE name = 'theirs'`)
    await decideFailure(pool, { ...DECISION, projectId: rows[0]?.id ?? '', errorGroup: '0'.repeat(16) })
    const { clickhouse } = collector.ctx
    const query = clickhouse.query.bind(clickhouse)
    const failing = vi
      .spyOn(clickhouse, 'query')
      .mockImplementation(((params: Parameters<typeof query>[0]) =>
        params.query_params?.projectId === rows[0]?.id ? Promise.reject(new Error('away')) : query(params)) as typeof query)
    await reopenFailures(collector.ctx).finally(() => failing.mockRestore())
    expect((await show(group)).history[0]).toMatchObject({ change: 'regressed', actor: null })
    expect(await show(group)).toMatchObject({
      state: 'open',
      regression: true,
      history: [{}, { change: 'resolved', actor: 'ada', note: 'fixed it' }],
    })
    // What is decided about it takes the mark away; who takes that back gives it back, and only for a group that is open.
    expect((await decide(group, { state: 'muted' })).body).toMatchObject({ state: 'muted', regression: false })
    expect((await decide(group, { state: 'open', regression: true })).body).toMatchObject({ state: 'open', regression: true })
    expect((await decide(group, { state: 'open' })).body).toMatchObject({ state: 'open', regression: false })
    const refused = await decide(group, { state: 'resolved', regression: true })
    expect([refused.status, refused.body]).toMatchObject([400, { error: { message: expect.stringContaining('regression') } }])
  })

  it('resolved in a version: older ones may go on failing, that one may not', async () => {
    await fail('versioned', { version: '1' })
    const [{ group } = { group: '' }] = await seen('versioned', 1)
    await decide(group, { state: 'resolved', inVersion: '2' })
    await fail('versioned', { version: '1' })
    await seen('versioned', 2)
    expect(await show(group)).toMatchObject({ state: 'resolved', decision: { inVersion: '2' } })
    await fail('versioned', { version: '2' })
    await seen('versioned', 3)
    expect(await show(group)).toMatchObject({ state: 'open', regression: true, versions: ['2', '1'] })
  })

  it('are muted until so many more', async () => {
    await fail('noisy')
    const [{ group } = { group: '' }] = await seen('noisy', 1)
    await decide(group, { state: 'muted', untilCount: 2 })
    await fail('noisy')
    await seen('noisy', 2)
    expect(await show(group)).toMatchObject({ state: 'muted', decision: { left: 1 } })
    await fail('noisy')
    await seen('noisy', 3)
    expect(await show(group)).toMatchObject({ state: 'open', regression: false })
    expect((await decide(group, { state: 'open', untilCount: 2 })).status).toBe(400)
  })

  it('are merged, resumed as one, and taken apart again', async () => {
    const { pool } = collector.ctx
    const projectId = (await ensureFirstProject(pool)).id
    const ids = [await fail('merging'), await fail('merging', { message: 'another' }), await fail('merging', { message: 'a third' })]
    const items = await seen('merging', 3)
    const [a, b, c] = items.map((item) => item.group) as [string, string, string]
    const ask = (how: string, into: string, groups: string[]) => collector.ask('POST', `/api/v1/failures/${into}/${how}`, { groups })
    expect((await ask('merge', b, [c])).body).toEqual({ group: b, merged: [c] })
    expect((await ask('merge', a, [b])).body).toEqual({ group: a, merged: [b] })
    // It is a part of a by now: what is merged into it is merged into a, and a can't be a part of itself.
    expect((await ask('merge', c, [a])).status).toBe(400)
    expect((await list('?agent=merging')).items).toMatchObject([{ group: a, count: 3, merged: 2 }])
    const shown = await show(c)
    expect(shown).toMatchObject({ group: a, count: 3, resumable: 3, history: [{ change: 'merged' }, { change: 'merged' }] })
    expect(shown.parts.map((part) => part.group).sort()).toEqual([b, c].sort())
    const runs = async (key?: string) =>
      (await collector.ask('GET', `/api/v1/runs?errorGroup=${a}`, undefined, key === undefined ? {} : { key })).body.items
    expect((await runs()).map((run: { id: string }) => run.id).sort()).toEqual(ids.sort())
    expect(await runs(OTHER_KEY)).toEqual([])
    // What was decided about a part counts again when it is taken out.
    const watched = async () => (await listWatchedDecisions(pool, { projectId, after: '', limit: 100 })).map((one) => one.errorGroup)
    await decideFailure(pool, { ...DECISION, projectId, errorGroup: b })
    expect(await watched()).not.toContain(b)
    // With b goes what had been merged into b.
    expect((await ask('unmerge', a, [b])).body).toEqual({ group: a, unmerged: [b] })
    expect(await watched()).toContain(b)
    await decideFailure(pool, { ...DECISION, projectId, errorGroup: b, state: 'open' })
    expect((await list('?agent=merging&sort=count')).items).toMatchObject([
      { group: b, count: 2, merged: 1 },
      { group: a, count: 1, merged: 0 },
    ])
  })

  it('of traces that belong to no run are those whose root is in error, by what explains it, with nothing to resume', async () => {
    const root: PlainSpan = { name: 'GET /ask', error: 'HTTP 500' }
    const handled: PlainSpan = { name: 'guess', parent: root }
    const call: PlainSpan = { name: 'chat', parent: root, error: 'connect ECONNREFUSED 10.0.0.1:443' }
    await sendTrace('shop', [root, handled, { name: 'handled', parent: handled, error: 'no cache' }, call])
    const fine: PlainSpan = { name: 'GET /ask' }
    await sendTrace('shop', [fine, { name: 'chat', parent: fine, error: 'tried again' }])
    const items = await seen('shop', 1)
    expect(items).toMatchObject([{ errorMessage: 'connect ECONNREFUSED 10.0.0.1:443', step: 'chat', agent: 'shop', runs: 0, count: 1 }])
    const shown = await show(items[0]?.group ?? '')
    expect(shown).toMatchObject({ resumable: 0, examples: { newest: { runId: null } }, fingerprint: { isCurrent: true, agent: '' } })
    const trace = (await collector.ask('GET', `/api/v1/traces/${shown.examples.newest?.traceId}`)).body
    expect(trace.spans.find((span: { spanId: string }) => span.spanId === shown.examples.newest?.spanId)).toMatchObject({ name: 'chat' })
    // The next one comes to it.
    await sendTrace('shop', [root, call])
    expect(await seen('shop', 2)).toMatchObject([{ group: shown.group }])
  })

  it('of a crash are by the step and the message that are stored, also where a person must say what became of a step', async () => {
    const { id } = await collector.create({ agent: 'crashing' })
    await collector.claim({ agent: 'crashing', workerId: 'of-crash' })
    const started = { runId: id, execution: 1, key: 'pay', status: 'started', onInterrupted: 'ask' } as const
    expect(await collector.checkpoint(started)).toMatchObject([{ status: 200 }])
    const { ctx } = collector
    const projectId = (await ensureFirstProject(ctx.pool)).id
    const death = { projectId, workerId: 'of-crash', reason: 'worker w-1 is gone: test', openSpans: new OpenSpans() }
    expect(await crashHeldRuns({ ctx, notifier: new Notifier() }, death)).toEqual([id])
    const [group] = await seen('crashing', 1)
    expect(group).toMatchObject({ step: 'pay', errorMessage: expect.stringContaining('nobody knows whether step pay took place') })
    expect((await show(group?.group ?? '')).fingerprint).toMatchObject({ isCurrent: true, step: 'pay' })
  })

  it('tell what differs between failed and good runs', async () => {
    for (let n = 0; n < 12; n++) {
      if (n % 2 === 0) await fail('differing', { tags: ['beta', `run${n}`] })
      else {
        const { id } = await collector.create({ agent: 'differing', tags: ['stable'] })
        await collector.claim({ agent: 'differing', workerId: `of-${id}` })
        await collector.finish(id, 1)
      }
    }
    const [{ group } = { group: '' }] = await seen('differing', 6)
    // The last good run ended after the last that failed, and is noted after it.
    const body = await vi.waitFor(async () => {
      const body: FailureDifferences = (await collector.ask('GET', `/api/v1/failures/${group}/differences`)).body
      expect(body).toMatchObject({ failed: { looked: 6, total: 6 }, good: { looked: 6, total: 6 } })
      return body
    }, 30_000)
    expect(body.rows[0]).toMatchObject({ attribute: 'tag', value: 'beta', failed: 6, good: 0, bits: 1 })
    expect(body.rows.filter((row) => row.value.startsWith('run'))).toEqual([])
  })

  it('follow the project’s rules from then on, and keep what they were', async () => {
    await fail('ruled', { message: 'order blue-whale is late' })
    await fail('ruled', { message: 'order red-fox is late' })
    expect(await seen('ruled', 2)).toHaveLength(2)
    const rules = { patterns: [{ pattern: 'order [a-z-]+', replacement: 'order <name>' }] }
    const preview = (await collector.ask('POST', '/api/v1/failures/rules/preview', rules)).body
    expect(preview.together).toMatchObject([{ message: [{ text: 'order <name>' }, { text: ' is late' }], parts: [{}, {}] }])
    for (const pattern of ['(', 'a*', '(?=x)', `(${'a{1,50}'.repeat(20)}){1,40}`])
      expect((await collector.ask('PUT', '/api/v1/failures/rules', { patterns: [{ pattern }] })).status).toBe(400)
    expect((await collector.ask('PUT', '/api/v1/failures/rules', { ...rules, actor: 'ada' })).body).toMatchObject({ actor: 'ada' })
    const [one, ...others] = await seen('ruled', 2)
    expect([one?.merged, others]).toEqual([2, []])
    await fail('ruled', { message: 'order green-parrot is late' })
    expect(await seen('ruled', 3)).toMatchObject([{ group: one?.group, count: 3 }])
    await collector.ask('PUT', '/api/v1/failures/rules', { carryOver: false })
  })

  it('have pages in each order, and refuse what they can’t do', async () => {
    const whole = await list('?sort=count&limit=200')
    const pages: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: FailurePage = await list(`?sort=count&limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`)
      pages.push(...page.items.map((item) => item.group))
      cursor = page.nextCursor
    }
    expect(pages).toEqual(whole.items.map((item) => item.group))
    expect((await list('?q=ECONNREFUSED')).items).toHaveLength(1)
    for (const query of [
      '?cursor=x',
      '?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z',
      '?from=2001-01-01T00:00:00Z',
      '?sort=x',
      '?limit=0',
    ])
      expect((await collector.ask('GET', `/api/v1/failures${query}`)).status).toBe(400)
    expect((await collector.ask('GET', '/api/v1/failures/nothing')).status).toBe(400)
    expect((await collector.ask('GET', `/api/v1/failures/${'0'.repeat(16)}`)).status).toBe(404)
  })

  it('of traces that name no agent are carried over to other rules', async () => {
    const root: PlainSpan = { name: 'GET /carried', error: 'no paper' }
    await sendTrace('carried', [root])
    await seen('carried', 1)
    await collector.ask('PUT', '/api/v1/failures/rules', { step: false })
    // Some seconds pass before they are in force.
    const isCurrent = async () => {
      await sendTrace('carried', [root])
      const { items } = await list('?agent=carried')
      expect(items).toHaveLength(1)
      expect((await show(items[0]?.group ?? '')).fingerprint).toMatchObject({ isCurrent: true })
    }
    await vi.waitFor(isCurrent, { timeout: 30_000, interval: 1_000 })
    await collector.ask('PUT', '/api/v1/failures/rules', { carryOver: false })
  })
})
