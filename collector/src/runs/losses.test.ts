import { randomBytes } from 'node:crypto'
import { getOverview, savingsReport } from '@cairn/clickhouse'
import { ensureFirstProject } from '@cairn/prisma'
import type { FailureGroup, FailurePage } from '@cairn/sdk/protocol'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type RunCollector, startRunCollector } from '../testing/run-collector.fixture.ts'

let collector: RunCollector
beforeAll(async () => {
  collector = await startRunCollector()
})
afterAll(() => collector?.stop())

const PRICED = 'gpt-4o'
const UNPRICED = 'a model of ours without a price'

interface Call {
  readonly traceId: string
  readonly runId?: string
  readonly step?: string
  readonly execution?: number
  readonly model?: string
  readonly parentSpanId?: string
  readonly error?: boolean
}
/** A call of a model: 2.50 $ where it has a price. Answers its span. */
async function spend({ traceId, runId, step, execution = 1, model = PRICED, parentSpanId = '', error = false }: Call): Promise<string> {
  const texts = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': model,
    'gen_ai.provider.name': 'openai',
    ...(runId === undefined ? {} : { 'cairn.run.id': runId }),
    ...(step === undefined ? {} : { 'cairn.step.key': step }),
  }
  const attributes = [
    ...Object.entries(texts).map(([key, stringValue]) => ({ key, value: { stringValue } })),
    { key: 'cairn.execution', value: { intValue: execution } },
    { key: 'gen_ai.usage.input_tokens', value: { intValue: 1_000_000 } },
  ]
  const spanId = randomBytes(8).toString('hex')
  const times = { startTimeUnixNano: `${Date.now()}000000`, endTimeUnixNano: `${Date.now()}000000` }
  const span = {
    traceId,
    spanId,
    parentSpanId,
    name: 'chat',
    ...times,
    attributes,
    ...(error ? { status: { code: 2, message: 'no' } } : {}),
  }
  await collector.ask('POST', '/v1/traces', { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })
  return spanId
}

async function start(agent: string, parent?: string) {
  const { id, traceId } = await collector.create({
    agent,
    claim: { workerId: 'w1' as never, version: '1' },
    ...(parent === undefined ? {} : { parent: { runId: parent as never, execution: 1, stepKey: 'ask' } }),
  })
  return { id, traceId }
}
const fail = (id: string, message: string) =>
  collector.finish(id, 1, { status: 'failed', error: { type: 'BoomError', message }, failedStep: 'two' })

const projectId = async () => (await ensureFirstProject(collector.ctx.pool)).id
const range = () => ({ from: new Date(Date.now() - 86_400_000).toISOString(), to: new Date(Date.now() + 60_000).toISOString() })
const overview = async () => (await getOverview(collector.ctx.clickhouse, { projectId: await projectId(), ...range() })).lostUsd
const savings = async () =>
  (await savingsReport(collector.ctx.clickhouse, { projectId: await projectId(), ...range(), groupBy: [], filter: {} }))[0]?.lostUsd
const groupOf = (agent: string): Promise<FailureGroup> =>
  vi.waitFor(
    async () => {
      const page: FailurePage = (await collector.ask('GET', `/api/v1/failures?agent=${agent}`)).body
      expect(page.items).toHaveLength(1)
      return (await collector.ask('GET', `/api/v1/failures/${page.items[0]?.group}`)).body
    },
    { timeout: 30_000, interval: 200 },
  )
const settled = (usd: string | null) => vi.waitFor(async () => expect(await overview()).toBe(usd), { timeout: 30_000, interval: 200 })

describe('what was lost', { timeout: 90_000 }, () => {
  it('is the same on the run, in its group of failures, on the overview and in the report: with runs called, as far as it has a price', async () => {
    const unpriced = await start('unpriced')
    await spend({ ...unpriced, runId: unpriced.id, model: UNPRICED })
    await fail(unpriced.id, 'one')
    expect(await collector.get(unpriced.id)).toMatchObject({ lost: '0', lostUnpriced: true })
    expect(await groupOf('unpriced')).toMatchObject({ lost: null, unpriced: 1 })
    await settled(null)

    // It failed; one that it called had succeeded, and one that this called too.
    const top = await start('top')
    const child = await start('child', top.id)
    const grandchild = await start('grandchild', child.id)
    for (const run of [top, child, grandchild]) await spend({ ...run, runId: run.id })
    await spend({ ...child, runId: child.id, model: UNPRICED })
    for (const { id } of [grandchild, child]) await collector.finish(id, 1)
    await fail(top.id, 'two')
    expect(await collector.get(top.id)).toMatchObject({ lost: '7.5', lostUnpriced: false, cost: { total: null } })
    expect(await groupOf('top')).toMatchObject({ lost: '7.5', unpriced: 1 })
    await settled('7.5')
    expect(await savings()).toBe('7.5')

    // It went on without one that it called.
    const hardy = await start('hardy')
    const broken = await start('broken', hardy.id)
    for (const run of [hardy, broken]) await spend({ ...run, runId: run.id })
    await fail(broken.id, 'three')
    await collector.finish(hardy.id, 1)
    expect(await collector.get(hardy.id)).toMatchObject({ status: 'succeeded', lost: '2.5' })
    expect((await groupOf('broken')).lost).toBe('2.5')
    await settled('10')

    // A step ran again, of which nobody knows what it had cost.
    const again = await start('again')
    await spend({ ...again, runId: again.id, step: 'two', model: UNPRICED })
    await fail(again.id, 'four')
    await collector.ask('POST', `/api/v1/runs/${again.id}/resume`, {})
    await collector.claim({ agent: 'again', workerId: 'of-again-2' })
    await spend({ ...again, runId: again.id, step: 'two', execution: 2 })
    await collector.finish(again.id, 2)
    expect(await collector.get(again.id)).toMatchObject({ status: 'succeeded', lost: '0', lostUnpriced: true })
    expect((await groupOf('again')).lost).toBeNull()
    await settled('10')
    expect(await savings()).toBe('10')

    // A trace of no run.
    const traceId = randomBytes(16).toString('hex')
    const parentSpanId = await spend({ traceId, error: true })
    await spend({ traceId, parentSpanId })
    const { items }: FailurePage = (await collector.ask('GET', '/api/v1/failures')).body
    expect(items.find((item) => item.runs === 0)?.lost).toBe('5')
    await settled('15')

    // A price that is known later counts too.
    const model = 'another model of ours'
    await spend({ traceId, parentSpanId, model })
    const ofTrace = async () =>
      (await collector.ask('GET', '/api/v1/failures')).body.items.find((item: { runs: number }) => item.runs === 0)
    expect(await ofTrace()).toMatchObject({ lost: '5', unpriced: 1 })
    await collector.ask('POST', '/api/v1/prices', { model, prices: { input: '2', output: '10' } })
    await collector.ask('POST', '/api/v1/prices/reprice', { model })
    await vi.waitFor(async () => expect(await ofTrace()).toMatchObject({ lost: '7', unpriced: 0 }), { timeout: 60_000, interval: 500 })
    await settled('17')
  })
})
