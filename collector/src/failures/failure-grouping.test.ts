import { ensureFirstProject } from '@cairn/prisma'
import type { FailureDifferences, FailurePage } from '@cairn/sdk/protocol'
import { describe, expect, it, vi } from 'vitest'
import { Notifier } from '../runs/notifier.ts'
import { crashHeldRuns } from '../workers/bury-worker.ts'
import { OpenSpans } from '../workers/open-spans.ts'
import { type PlainSpan, useFailures } from './failures.fixture.ts'

const { collector, list, show, fail, seen, sendTrace } = useFailures()

describe('what failures are grouped by', { timeout: 90_000 }, () => {
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
    const trace = (await collector().ask('GET', `/api/v1/traces/${shown.examples.newest?.traceId}`)).body
    expect(trace.spans.find((span: { spanId: string }) => span.spanId === shown.examples.newest?.spanId)).toMatchObject({ name: 'chat' })
    // The next one comes to it.
    await sendTrace('shop', [root, call])
    expect(await seen('shop', 2)).toMatchObject([{ group: shown.group }])
  })

  it('of a crash are by the step and the message that are stored, also where a person must say what became of a step', async () => {
    const { id } = await collector().create({ agent: 'crashing' })
    await collector().claim({ agent: 'crashing', workerId: 'of-crash' })
    const started = { runId: id, execution: 1, key: 'pay', status: 'started', onInterrupted: 'ask' } as const
    expect(await collector().checkpoint(started)).toMatchObject([{ status: 200 }])
    const { ctx } = collector()
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
        const { id } = await collector().create({ agent: 'differing', tags: ['stable'] })
        await collector().claim({ agent: 'differing', workerId: `of-${id}` })
        await collector().finish(id, 1)
      }
    }
    const [{ group } = { group: '' }] = await seen('differing', 6)
    // The last good run ended after the last that failed, and is noted after it.
    const body = await vi.waitFor(async () => {
      const body: FailureDifferences = (await collector().ask('GET', `/api/v1/failures/${group}/differences`)).body
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
    const preview = (await collector().ask('POST', '/api/v1/failures/rules/preview', rules)).body
    expect(preview.together).toMatchObject([{ message: [{ text: 'order <name>' }, { text: ' is late' }], parts: [{}, {}] }])
    for (const pattern of ['(', 'a*', '(?=x)', `(${'a{1,50}'.repeat(20)}){1,40}`])
      expect((await collector().ask('PUT', '/api/v1/failures/rules', { patterns: [{ pattern }] })).status).toBe(400)
    expect((await collector().ask('PUT', '/api/v1/failures/rules', { ...rules, actor: 'ada' })).body).toMatchObject({ actor: 'ada' })
    const [one, ...others] = await seen('ruled', 2)
    expect([one?.merged, others]).toEqual([2, []])
    await fail('ruled', { message: 'order green-parrot is late' })
    expect(await seen('ruled', 3)).toMatchObject([{ group: one?.group, count: 3 }])
    await collector().ask('PUT', '/api/v1/failures/rules', { carryOver: false })
  })

  it('of traces that name no agent are carried over to other rules', async () => {
    const root: PlainSpan = { name: 'GET /carried', error: 'no paper' }
    await sendTrace('carried', [root])
    await seen('carried', 1)
    await collector().ask('PUT', '/api/v1/failures/rules', { step: false })
    // Some seconds pass before they are in force.
    const isCurrent = async () => {
      await sendTrace('carried', [root])
      const { items } = await list('?agent=carried')
      expect(items).toHaveLength(1)
      expect((await show(items[0]?.group ?? '')).fingerprint).toMatchObject({ isCurrent: true })
    }
    await vi.waitFor(isCurrent, { timeout: 30_000, interval: 1_000 })
    await collector().ask('PUT', '/api/v1/failures/rules', { carryOver: false })
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
      expect((await collector().ask('GET', `/api/v1/failures${query}`)).status).toBe(400)
    expect((await collector().ask('GET', '/api/v1/failures/nothing')).status).toBe(400)
    expect((await collector().ask('GET', `/api/v1/failures/${'0'.repeat(16)}`)).status).toBe(404)
  })
})
