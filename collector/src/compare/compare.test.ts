import { randomBytes, randomUUID } from 'node:crypto'
import type { Comparison, ComparisonSuggestion, Run } from '@cairn/sdk/protocol'
import { Comparison as ComparisonSchema } from '@cairn/sdk/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OTHER_KEY, type RunCollector, startRunCollector } from '../testing/run-collector.fixture.ts'

let collector: RunCollector
beforeAll(async () => {
  collector = await startRunCollector()
}, 60_000)
afterAll(() => collector?.stop())

interface Sent {
  readonly id: string
  readonly parent?: string
  readonly name: string
  readonly startMs: number
  readonly endMs: number
  readonly failed?: string
  readonly attributes?: Readonly<Record<string, string | number>>
}

const START_MS = Date.now() - 60_000
const nanos = (ms: number) => String(BigInt(START_MS + ms) * 1_000_000n)
const toValue = (value: string | number) => (typeof value === 'number' ? { intValue: value } : { stringValue: value })

async function send(traceId: string, spans: readonly Sent[]): Promise<void> {
  const body = {
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: spans.map((span) => ({
              traceId,
              spanId: span.id,
              ...(span.parent === undefined ? {} : { parentSpanId: span.parent }),
              name: span.name,
              kind: 1,
              startTimeUnixNano: nanos(span.startMs),
              endTimeUnixNano: nanos(span.endMs),
              status: { code: span.failed === undefined ? 1 : 2, ...(span.failed === undefined ? {} : { message: span.failed }) },
              attributes: Object.entries(span.attributes ?? {}).map(([key, value]) => ({ key, value: toValue(value) })),
            })),
          },
        ],
      },
    ],
  }
  expect((await collector.ask('POST', '/v1/traces', body)).status).toBe(200)
}

const call = (question: string, answer: string, tokens = 100) => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o-mini',
  'gen_ai.response.model': 'gpt-4o-mini-2024-07-18',
  'gen_ai.usage.input_tokens': tokens,
  'gen_ai.usage.output_tokens': 0,
  'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: question }] }]),
  'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content: answer }] }]),
})

const id = () => randomBytes(8).toString('hex')
const traceId = () => randomBytes(16).toString('hex')

async function compareRuns(a: string, b: string, query = ''): Promise<Comparison> {
  const { status, body, text } = await collector.ask('GET', `/api/v1/runs/${a}/compare/${b}${query}`)
  expect(status, text).toBe(200)
  return ComparisonSchema.parse(body)
}

const verdicts = ({ rows }: Comparison) => Object.fromEntries(rows.map((row) => [row.name, row.verdict]))

/** A run of two steps: `one` succeeded, `two` failed; each with a span of its execution. */
async function makeFailed(): Promise<Run> {
  const run = await collector.failed({ input: { topic: 'tides' } })
  const step = { 'cairn.run.id': run.id, 'cairn.execution': 1 }
  const root = id()
  await send(run.traceId, [
    { id: root, name: 'invoke_agent a', startMs: 0, endMs: 500, attributes: { ...step, 'gen_ai.operation.name': 'invoke_agent' } },
    {
      id: id(),
      parent: root,
      name: 'chat gpt-4o-mini',
      startMs: 0,
      endMs: 100,
      attributes: { ...step, ...call('q', 'a'), 'cairn.step.key': 'one' },
    },
    {
      id: id(),
      parent: root,
      name: 'two',
      startMs: 100,
      endMs: 500,
      failed: 'boom',
      attributes: { ...step, 'cairn.kind': 'step', 'cairn.step.key': 'two', 'error.type': 'BoomError' },
    },
  ])
  return run
}

describe('two executions of a run', () => {
  test('share what came back from a checkpoint; what failed and then ran differs, and the cost of each is its own', async () => {
    const run = await makeFailed()
    await collector.ask('POST', `/api/v1/runs/${run.id}/resume`, {})
    await collector.claim({ agent: run.agent, workerId: 'w2' })
    await collector.checkpoint(
      { runId: run.id, execution: 2, key: 'two', output: 2 },
      { runId: run.id, execution: 2, key: 'three', output: 3 },
    )
    await collector.finish(run.id, 2)
    await send(run.traceId, [
      {
        id: id(),
        name: 'two',
        startMs: 600,
        endMs: 650,
        attributes: { 'cairn.run.id': run.id, 'cairn.execution': 2, 'cairn.step.key': 'two', ...call('q2', 'a2', 50) },
      },
    ])
    const compared = await compareRuns(run.id, run.id, '?executionA=1&executionB=2')
    expect(compared.relation).toBe('executions')
    expect(verdicts(compared)).toEqual({ one: 'shared', two: 'changed', three: 'added' })
    expect(compared.a).toMatchObject({ execution: 1, executions: 2, status: 'failed', tokens: 100, costUsd: '0.000015' })
    expect(compared.b).toMatchObject({ execution: 2, status: 'succeeded', tokens: 50, costUsd: '0.0000075' })
    expect(compared.difference).toMatchObject({ tokens: -50, costUsd: '-0.0000075' })
    const [one, two] = compared.rows
    expect(one).toMatchObject({ a: { costUsd: '0.000015' }, b: { replayed: true } })
    expect(one?.difference).toBeUndefined()
    expect(two).toMatchObject({ a: { status: 'failed', error: { type: 'BoomError' } }, b: { status: 'succeeded' }, speed: 'faster' })
    expect(compared.highlights.map(({ kind }) => kind)).toContain('error_gone')
    // The run as it stands has all of it, and itself differs from itself in nothing.
    const itself = await compareRuns(run.id, run.id)
    expect(itself.totals).toMatchObject({ shared: 3, changed: 0, added: 0, removed: 0 })
    expect(itself.difference).toEqual({ durationMs: 0, durationRatio: 1, tokens: 0, costUsd: '0' })
  })

  test('an output given by hand is no speed-up, no saving and no other model', async () => {
    const run = await makeFailed()
    await collector.ask('POST', `/api/v1/runs/${run.id}/resume`, { overrides: [{ step: 'two', output: 'mine' }] })
    await collector.claim({ agent: run.agent, workerId: 'w2' })
    await collector.finish(run.id, 2)
    const { rows, highlights } = await compareRuns(run.id, run.id, '?executionA=1&executionB=2')
    const two = rows.find(({ name }) => name === 'two')
    expect(two).toMatchObject({ verdict: 'changed', a: { durationMs: 400 }, b: { status: 'succeeded', givenByHand: true } })
    expect(two?.b?.durationMs).toBeUndefined()
    expect([two?.speed, two?.price, two?.difference?.durationMs]).toEqual([undefined, undefined, null])
    expect(two?.changes).not.toContain('model')
    expect(highlights.map(({ kind }) => kind)).not.toContain('faster')
  })

  test('that the run has not had are 404, and no number is 400', async () => {
    const run = await makeFailed()
    const path = `/api/v1/runs/${run.id}/compare/${run.id}`
    expect((await collector.ask('GET', `${path}?executionB=7`)).status).toBe(404)
    expect((await collector.ask('GET', `${path}?executionA=first`)).status).toBe(400)
    expect((await collector.ask('GET', `${path}?by=luck`)).status).toBe(400)
  })
})

test('a fork shares the steps up to its point, and none after it', async () => {
  const run = await makeFailed()
  const fork = (await collector.ask('POST', `/api/v1/runs/${run.id}/fork`, { fromStep: 'two' })).body as Run
  await collector.claim({ agent: run.agent })
  await collector.checkpoint({ runId: fork.id, execution: 1, key: 'two', output: 'forked' })
  await collector.finish(fork.id, 1)
  const compared = await compareRuns(run.id, fork.id)
  expect(compared.relation).toBe('fork')
  expect(verdicts(compared)).toMatchObject({ one: 'shared', two: 'changed' })
  // The other way round it is the same, turned.
  expect(verdicts(await compareRuns(fork.id, run.id))).toEqual(verdicts(compared))
  const other = (await collector.ask('POST', `/api/v1/runs/${run.id}/fork`, { fromStep: 'two' })).body as Run
  expect(await compareRuns(fork.id, other.id)).toMatchObject({ relation: 'forks', totals: { shared: 1 } })
  const suggestions = (await collector.ask('GET', `/api/v1/runs/${run.id}/compare`)).body.items as ComparisonSuggestion[]
  expect(suggestions.map(({ kind }) => kind)).toEqual(['fork', 'fork', 'good'])
  expect(suggestions.at(-1)).toMatchObject({
    text: 'A good run of this agent with the same input',
    a: { runId: fork.id },
    b: { runId: run.id },
  })
})

test('a fork is compared by all of its own steps, however many those have that it was forked from', async () => {
  const run = await makeFailed()
  const fork = (await collector.ask('POST', `/api/v1/runs/${run.id}/fork`, { fromStep: 'two' })).body as Run
  await collector.claim({ agent: run.agent })
  await collector.checkpoint({ runId: fork.id, execution: 1, key: 'last', output: 'forked' })
  await collector.finish(fork.id, 1)
  const add = (count: number) =>
    collector.ctx.pool.query(
      `INSERT INTO steps (run_id, key, name, kind, status, execution, seq)
        SELECT run_id, 'n' || n || '/' || $2::int, 'n', kind, status, execution, -n - $2::int FROM steps, generate_series(1, $2::int) AS n
        WHERE run_id = $1 AND key = 'one'`,
      [run.id, count],
    )
  await add(20_001)
  // Its own are all there: that the other has too many is what is said.
  const refused = await collector.ask('GET', `/api/v1/runs/${fork.id}/compare/${run.id}`)
  expect([refused.status, refused.body.error.message]).toEqual([413, expect.stringContaining('more than 20,000 steps')])
  const other = (await collector.ask('POST', `/api/v1/runs/${fork.id}/fork`, { fromStep: 'last' })).body as Run
  expect(await compareRuns(other.id, fork.id)).toMatchObject({ totals: { shared: 1, added: 1 } })
  await add(40_001)
  const origins = await collector.ask('GET', `/api/v1/runs/${fork.id}/compare/${other.id}`)
  expect([origins.status, origins.body.error.message]).toEqual([413, expect.stringContaining('was forked from')])
})

test('an override in a fork is no shared checkpoint', async () => {
  const run = await makeFailed()
  const fork = (
    await collector.ask('POST', `/api/v1/runs/${run.id}/fork`, { fromStep: 'two', overrides: [{ step: 'one', output: { n: 2 } }] })
  ).body as Run
  expect(verdicts(await compareRuns(run.id, fork.id))).toMatchObject({ one: 'changed' })
})

test('two runs that did the same each did it anew: same, not shared; what one called is below the step', async () => {
  const make = async (output: number) => {
    const run = await collector.create({ agent: `same-${randomUUID()}` })
    await collector.claim({ agent: run.agent })
    const child = await collector.create({
      agent: `child-${randomUUID()}`,
      parent: { runId: run.id, execution: 1, stepKey: 'call' },
      claim: { workerId: 'w1' as never, version: '1' },
    })
    expect(child).toMatchObject({ parentRunId: run.id })
    expect(await collector.checkpoint({ runId: child.id, execution: 1, key: 'inner', output })).toMatchObject([{ status: 200 }])
    await collector.finish(child.id, 1)
    await collector.checkpoint(
      { runId: run.id, execution: 1, key: 'first', output: 1, inputFingerprint: 'f' },
      { runId: run.id, execution: 1, key: 'call', kind: 'agent', output: 1, childRunId: child.id },
    )
    await collector.finish(run.id, 1)
    return run
  }
  const [a, b] = [await make(1), await make(2)]
  const compared = await compareRuns(a.id, b.id)
  expect(compared.relation).toBe('none')
  expect(verdicts(compared)).toEqual({ first: 'same', call: 'same', 'call › inner': 'changed' })
  expect(compared.rows.map(({ depth }) => depth)).toEqual([0, 0, 1])
  const only = await compareRuns(a.id, b.id, '?only=changed')
  expect(only).toMatchObject({ totals: { same: 2, changed: 1 }, rowsLeftOut: 2 })
  expect(only.rows.map(({ name }) => name)).toEqual(['call › inner'])
  expect((await compareRuns(a.id, b.id, '?limit=1')).rowsLeftOut).toBe(2)
})

describe('traces that belong to no run', () => {
  test('are aligned span by span: same text is the same, another model is the same call changed', async () => {
    const [a, b] = [traceId(), traceId()]
    const make = async (trace: string, answer: string, model: string) => {
      const root = id()
      await send(trace, [
        { id: root, name: 'POST /ask', startMs: 0, endMs: 900 },
        {
          id: id(),
          parent: root,
          name: `chat ${model}`,
          startMs: 0,
          endMs: 100,
          attributes: { ...call('one', 'same'), 'gen_ai.request.model': model, 'gen_ai.response.model': model },
        },
        { id: id(), parent: root, name: 'chat gpt-4o-mini', startMs: 200, endMs: 300, attributes: call('two', answer) },
      ])
    }
    await make(a, 'yes', 'gpt-4o-mini')
    await make(b, 'no', 'no-such-model')
    const { status, body } = await collector.ask('GET', `/api/v1/traces/${a}/compare/${b}`)
    expect(status).toBe(200)
    const compared = ComparisonSchema.parse(body)
    expect(compared.rows.map(({ verdict, changes }) => [verdict, changes])).toEqual([
      ['same', undefined],
      ['changed', ['model']],
      ['changed', ['output']],
    ])
    // A price that is missing is no zero, on the row and in the sum.
    expect(compared.rows[1]).toMatchObject({ b: { costUsd: null }, difference: { costUsd: null } })
    expect(compared).toMatchObject({ by: 'span', b: { costUsd: null, runId: null }, difference: { costUsd: null } })
  })

  test('with parents in a ring or lost are compared whole', async () => {
    const trace = traceId()
    const [x, y] = [id(), id()]
    await send(trace, [
      { id: x, parent: y, name: 'x', startMs: 0, endMs: 1 },
      { id: y, parent: x, name: 'y', startMs: 1, endMs: 2 },
      { id: id(), parent: id(), name: 'lost', startMs: 2, endMs: 3 },
    ])
    const { body } = await collector.ask('GET', `/api/v1/traces/${trace}/compare/${trace}`)
    expect(body).toMatchObject({ totals: { same: 3 }, a: { items: 3 } })
  })
})

test('a project sees neither runs nor traces of another one', async () => {
  const run = await makeFailed()
  const other = await makeFailed()
  const as = { key: OTHER_KEY }
  for (const path of [
    `/api/v1/runs/${run.id}/compare/${other.id}`,
    `/api/v1/runs/${run.id}/compare`,
    `/api/v1/traces/${run.traceId}/compare/${other.traceId}`,
    `/api/v1/runs/${run.id}/steps?key=one`,
  ])
    expect((await collector.ask('GET', path, undefined, as)).status, path).toBe(404)
  const mine = (await collector.ask('POST', '/api/v1/runs', { agent: 'a' }, as)).body as Run
  expect((await collector.ask('GET', `/api/v1/runs/${mine.id}/compare/${run.id}`, undefined, as)).status).toBe(404)
})

test('one step is read by its key', async () => {
  const run = await makeFailed()
  expect((await collector.ask('GET', `/api/v1/runs/${run.id}/steps?key=one`)).body.items).toMatchObject([{ key: 'one', output: { n: 1 } }])
  expect((await collector.ask('GET', `/api/v1/runs/${run.id}/steps?key=none`)).body.items).toEqual([])
})
