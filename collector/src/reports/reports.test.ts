import { insertRuns } from '@cairn/clickhouse'
import type { Report } from '@cairn/sdk/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeSpan } from '../ingest/map/fixtures/read-fixture.ts'
import type { AttributeValue, OtlpSpan } from '../ingest/otlp/types.ts'
import { KEY, PROJECT_ID, startTestCollector, type TestCollector } from '../ingest/test-collector.fixture.ts'
import { writeSpanGroups } from '../ingest/write-spans.ts'

let collector: TestCollector
const RUN = '01980000-0000-7000-8000-00000000aaaa'
const DAY = 86_400_000_000_000n
const start = 1_764_000_000_000_000_000n

let serial = 0
function span(attributes: Record<string, AttributeValue>, { ms = 100, ...rest }: Partial<OtlpSpan> & { ms?: number } = {}): OtlpSpan {
  serial += 1
  const startNs = rest.startNs ?? start
  return makeSpan(attributes, { spanId: serial.toString(16).padStart(16, '0'), ...rest, startNs, endNs: startNs + BigInt(ms) * 1_000_000n })
}
const context = (savedTokens: number, more: Record<string, AttributeValue> = {}) =>
  span({ 'cairn.kind': 'other', 'cairn.compaction.saved_tokens': savedTokens, ...more })
const call = (model: string, tokens: number, rest: Partial<OtlpSpan> & { ms?: number } = {}, more: Record<string, AttributeValue> = {}) =>
  span(
    {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': model,
      'gen_ai.usage.input_tokens': tokens,
      ...more,
    },
    rest,
  )

beforeAll(async () => {
  collector = await startTestCollector()
  const items = [
    ...[10, 20, 30, 40].map((ms) => call('gpt-4o-mini', 1_000_000, { ms })),
    call('gpt-4o-mini', 1_000_000, { startNs: start + DAY }, { 'gen_ai.usage.cache_read.input_tokens': 500_000 }),
    call('gpt-99', 10),
    call('gpt-4o', 1_000_000, {}, { 'cairn.run.id': RUN, 'cairn.step.key': 'plan', 'gen_ai.agent.name': '=evil()' }),
    ...[5, 15].map((ms) => span({ 'gen_ai.tool.name': 'search' }, { ms })),
    span({ 'gen_ai.tool.name': 'search' }, { statusCode: 2, statusMessage: 'no net' }),
    span({ 'cairn.step.key': 'plan', 'cairn.cache.hit': true, 'cairn.cache.saved_tokens': 1_200, 'cairn.cache.saved_usd': '0.003' }),
    span({ 'cairn.step.key': 'plan', 'cairn.cache.hit': true, 'cairn.cache.saved_tokens': 100, 'cairn.cache.saved_usd': '0' }),
    span({ 'cairn.step.key': 'plan', 'cairn.cache.hit': true, 'cairn.cache.saved_tokens': -5, 'cairn.cache.saved_usd': 'NaN' }),
    ...['gpt-4o-mini', 'gpt-99'].map((model) => context(1_000_000, { 'gen_ai.request.model': model })),
    context(500, { 'cairn.agent': 'without price' }),
    context(-1),
  ]
  await writeSpanGroups(collector.ctx, PROJECT_ID, [
    { resource: new Map(), scope: { name: '', version: '', attributes: new Map() }, schemaUrl: '', items },
  ])
  const run = {
    project_id: PROJECT_ID,
    trace_id: 'a'.repeat(32),
    agent: 'research',
    agent_version: '3',
    executions: 1,
    created_at: '2025-11-24T16:00:00.000Z',
    started_at: null,
    ended_at: null,
    session_id: '',
    user_id: 'ada',
    tags: [],
    parent_run_id: '',
    failed_step: 'plan',
    error_type: 'Timeout',
    error_message: 'too slow',
    error_group: 'g1',
    active_ms: 0,
    saved_usd: '0.25',
    version: 1,
  }
  await insertRuns(collector.clickhouse, [
    { ...run, run_id: RUN, status: 'running' },
    { ...run, run_id: RUN, status: 'failed', version: 2 },
    { ...run, run_id: '01980000-0000-7000-8000-00000000bbbb', status: 'crashed' },
    { ...run, run_id: '01980000-0000-7000-8000-00000000cccc', status: 'succeeded', error_group: '' },
  ])
})
afterAll(() => collector?.stop())

async function ask(path: string): Promise<Response> {
  return fetch(`${collector.url}/api/v1/reports/${path}`, { headers: { authorization: `Bearer ${KEY}` } })
}
const RANGE = 'from=2025-11-20T00:00:00Z&to=2025-12-01T00:00:00Z'
const report = async (path: string): Promise<Report> =>
  (await (await ask(`${path}${path.includes('?') ? '&' : '?'}${RANGE}`)).json()) as Report

describe('reports', () => {
  test('cost by model, dearest first, with unknown prices shown as unknown', async () => {
    const cost = await report('cost')
    expect(cost.rows).toMatchObject([
      { model: 'gpt-4o', calls: 1, cost: '2.5', priced: true },
      {
        model: 'gpt-4o-mini',
        calls: 5,
        cost: '0.7125',
        priced: true,
        inputTokens: 4_500_000,
        cacheReadTokens: 500_000,
        totalTokens: 5_000_000,
      },
      { model: 'gpt-99', calls: 1, cost: null, priced: false, unpricedCalls: 1 },
    ])
    expect(cost.totals).toMatchObject({ calls: 7, cost: '3.2125', priced: false, unpricedCalls: 1 })
  })

  test('cost by two dimensions, filtered', async () => {
    const cost = await report('cost?groupBy=day,model&filter=model:gpt-4o-mini')
    expect(cost.groupBy).toEqual(['day', 'model'])
    expect(cost.rows).toMatchObject([
      { day: '2025-11-24', model: 'gpt-4o-mini', cost: '0.6' },
      { day: '2025-11-25', model: 'gpt-4o-mini', cost: '0.1125' },
    ])
  })

  test('latency by model is of its calls', async () => {
    const latency = await report('latency?groupBy=model&filter=model:gpt-4o-mini')
    expect(latency.rows).toMatchObject([{ model: 'gpt-4o-mini', spans: 5, errors: 0, maxMs: 100 }])
    expect(latency.rows[0]?.p50Ms).toBeGreaterThanOrEqual(20)
    expect(latency.rows[0]?.p50Ms).toBeLessThanOrEqual(40)
    expect(latency.rows[0]?.ttftP50Ms).toBeNull()
  })

  test('tools', async () => {
    expect((await report('tools')).rows).toMatchObject([
      { tool: 'search', calls: 3, errors: 1, errorRate: 0.3333, lastError: 'Error: no net' },
    ])
  })

  test('failures by cause, with what they had cost', async () => {
    const failures = await report('failures')
    expect(failures.rows).toMatchObject([
      { agent: 'research', errorGroup: 'g1', errorType: 'Timeout', failures: 2, costLost: '2.5', firstSeen: '2025-11-24T16:00:00.000000Z' },
    ])
    expect(failures.totals).toEqual({ failures: 2, costLost: '2.5' })
  })

  test('savings: lost, saved by resume and by the provider’s cache', async () => {
    expect((await report('savings')).totals).toEqual({
      runs: 3,
      lostUsd: '2.5',
      savedByResumeUsd: '0.75',
      savedByProviderCacheUsd: '0.0375',
      savedByStepCacheUsd: '0.003',
      savedByStepCacheTokens: 1_300,
      savedByCompactionUsd: '0.15',
      savedByCompactionTokens: 2_000_500,
    })
  })

  test('savings without a price are tokens only, and what was saved is no cost', async () => {
    const savings = await report('savings?groupBy=agent')
    expect(savings.rows).toContainEqual(
      expect.objectContaining({ agent: 'without price', runs: 0, savedByCompactionUsd: null, savedByCompactionTokens: 500 }),
    )
    expect(savings.columns).toContain('savedByCompactionUsd')
    expect((await report('cost?groupBy=model')).totals).toMatchObject({ calls: 7, cost: '3.2125' })
  })

  test('CSV that no spreadsheet runs', async () => {
    const answer = await ask(`cost?groupBy=agent&format=csv&${RANGE}`)
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(await answer.text()).toContain("\r\n'=evil(),1,0,2.5,true,")
  })

  test.each([
    ['nothing', 400, 'report'],
    ['cost?groupBy=colour', 400, 'groupBy'],
    ['cost?filter=colour:red', 400, 'query.filter'],
    ['savings?groupBy=model', 400, 'model'],
    ['cost?from=2026-01-01T00:00:00Z&to=2025-01-01T00:00:00Z', 400, 'query.from'],
  ])('%s is refused', async (path, status, text) => {
    const answer = await ask(path)
    expect(answer.status).toBe(status)
    expect(await answer.text()).toContain(text)
  })
})
