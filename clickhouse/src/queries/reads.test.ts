import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestStore, type TestStore } from '../testing/test-store.fixture.ts'
import { listTraces, type TraceFilter } from './list-traces.ts'
import { costReport } from './reports/cost-report.ts'
import { latencyReport } from './reports/latency-report.ts'
import type { ReportInput } from './reports/report-query.ts'
import { runJson } from './run-json.ts'

const projectId = '01980000-0000-7000-8000-000000000001'
const HOUR_MS = 3_600_000
const FIRST_MS = Date.parse('2026-01-29T20:30:00Z')
const DAYS = 14

interface TestSpan {
  readonly trace_id: string
  readonly span_id: string
  readonly parent_span_id: string
  readonly name: string
  readonly kind: string
  readonly start_time: string
  readonly end_time: string
  readonly status: string
  readonly agent: string
  readonly model_response: string
  readonly tool_name: string
  readonly billable: number
  readonly priced: number
  readonly usage_input: number
  readonly usage_total: number
  readonly cost_total: string
  readonly user_id: string
  readonly session_id: string
  readonly scope_id: string
  readonly input_hashes: string[]
  readonly interrupted: number
  readonly version: number
}

/** Always the same numbers: what a test finds once it finds again. */
function makeRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
const random = makeRandom(7)
const oneOf = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')
const hash = (word: string) => Buffer.from(word.padEnd(16, '.')).toString('hex')
const RARE = hash('rare')

/** Most traces last seconds, some days: those begin before a window of the newest spans. */
function makeTrace(number: number): TestSpan[] {
  const begin = FIRST_MS + Math.floor(random() * DAYS * 24 * HOUR_MS)
  const step = random() < 0.1 ? 20 * HOUR_MS * random() : 1_000
  const count = 1 + Math.floor(random() * 5)
  const trace = {
    trace_id: hex(number + 1, 32),
    agent: oneOf(['a', 'b', 'c']),
    user_id: oneOf(['ada', 'bob']),
    session_id: `s${number % 9}`,
  }
  return Array.from({ length: count }, (_, at): TestSpan => {
    const kind = at === 0 ? 'agent' : oneOf(['model', 'tool'])
    const start = begin + Math.floor(at * step)
    const isModel = kind === 'model'
    const tokens = isModel ? Math.floor(random() * 1_000) : 0
    const priced = isModel && random() < 0.1 ? 0 : 1
    return {
      ...trace,
      span_id: hex(number * 10 + at + 1, 16),
      parent_span_id: at === 0 ? '' : hex(number * 10 + 1, 16),
      name: `${kind} ${number % 4}`,
      kind,
      start_time: new Date(start).toISOString(),
      end_time: new Date(start + 1 + Math.floor(random() * 5_000)).toISOString(),
      status: random() < 0.05 ? 'error' : 'ok',
      model_response: isModel ? oneOf(['gpt', 'claude']) : '',
      tool_name: kind === 'tool' ? oneOf(['search', 'sql']) : '',
      billable: isModel ? 1 : 0,
      priced,
      usage_input: tokens,
      usage_total: tokens,
      cost_total: isModel && priced === 1 ? (tokens / 1e7).toFixed(12) : '0',
      scope_id: trace.session_id,
      input_hashes: isModel && number % 50 === 3 ? [RARE] : [],
      interrupted: 0,
      version: 1,
    }
  })
}

const traces = Array.from({ length: 600 }, (_, number) => makeTrace(number))
const spans = traces.flat()
/** Written for a dead process, and replaced by the real ones; not merged yet. */
const replaced = spans
  .filter((_, at) => at % 40 === 0)
  .map((span): TestSpan => ({ ...span, status: 'error', interrupted: 1, billable: 0, version: 0, cost_total: '0' }))

let store: TestStore
beforeAll(async () => {
  store = await startTestStore()
  const rows = (values: readonly TestSpan[]) => values.map((span) => ({ project_id: projectId, ...span }))
  await store.client.insert({ table: 'spans', values: rows(replaced), format: 'JSONEachRow' })
  await store.client.insert({ table: 'spans', values: rows(spans), format: 'JSONEachRow' })
  const contents = [
    { scope_id: 's3', hash: RARE, text: JSON.stringify('Wo ist der ZEBRAFISCH geblieben?\nÜberall „gesucht“, don’t ask\tМне') },
    { scope_id: 's4', hash: hash('often'), text: '"where is the order"' },
  ]
  await store.client.insert({
    table: 'contents',
    values: contents.map((row) => ({ project_id: projectId, ...row })),
    format: 'JSONEachRow',
  })
})
afterAll(() => store?.stop())

const startOf = (trace: readonly TestSpan[]) => trace[0]?.start_time ?? ''

describe('traces', () => {
  const CHECKS: readonly [name: string, filter: Partial<TraceFilter>, passes: (trace: readonly TestSpan[]) => boolean][] = [
    ['all', {}, () => true],
    ['failed', { status: 'error' }, (trace) => trace.some((span) => span.status === 'error')],
    ['of an agent', { agent: 'b' }, (trace) => trace[0]?.agent === 'b'],
    ['of a user', { userId: 'ada' }, (trace) => trace[0]?.user_id === 'ada'],
    ['of a session', { sessionId: 's5' }, (trace) => trace[0]?.session_id === 's5'],
    [
      'failed, with a model',
      { status: 'error', model: 'gpt' },
      (trace) => trace.some((span) => span.status === 'error') && trace.some((span) => span.model_response === 'gpt'),
    ],
    ['with a part of a name', { q: 'OOL 2' }, (trace) => trace.some((span) => span.name === 'tool 2')],
    [
      'with words of an input',
      { q: 'zebrafisch der' },
      (trace) => trace.some((span) => span.input_hashes.length > 0 && span.session_id === 's3'),
    ],
    ...['überall', 'Gesucht', "don't ask", 'мне'].map((q): (typeof CHECKS)[number] => [
      `with a line’s first word, marks and letters of any alphabet: ${q}`,
      { q },
      (trace) => trace.some((span) => span.input_hashes.length > 0 && span.session_id === 's3'),
    ]),
    ['with words that are in no text together', { q: 'zebrafisch order' }, () => false],
    ['by id', { q: hex(77, 32).toUpperCase() }, (trace) => trace[0]?.trace_id === hex(77, 32)],
  ]
  test.each(CHECKS)('%s: page by page, newest first, each once', async (_name, filter, passes) => {
    const expected = traces
      .filter(passes)
      .sort((a, b) => (startOf(b) + b[0]?.trace_id).localeCompare(startOf(a) + a[0]?.trace_id))
      .map((trace) => ({
        traceId: trace[0]?.trace_id,
        spans: trace.length,
        errors: trace.filter((span) => span.status === 'error').length,
      }))
    const found: object[] = []
    let before: TraceFilter['before'] = null
    for (;;) {
      const page = await listTraces(store.client, { projectId, to: '2026-02-15T00:00:00Z', limit: 40, before, ...filter })
      found.push(...page.map(({ traceId, spans: count, errors }) => ({ traceId, spans: count, errors })))
      const last = page.at(-1)
      if (page.length < 40 || last === undefined) break
      before = { startTime: last.startTime, traceId: last.traceId }
    }
    expect(found).toEqual(expected)
  })
})

describe('reports', () => {
  const instant = fc.integer({ min: -2 * 60, max: DAYS * 24 * 60 }).map((minutes) => new Date(FIRST_MS + minutes * 60_000).toISOString())
  const range = fc.tuple(instant, instant).map(([a, b]) => (a < b ? { from: a, to: b } : { from: b, to: a }))
  const within = ({ from, to }: { from: string; to: string }) => spans.filter((span) => span.start_time >= from && span.start_time < to)
  const input = (part: Partial<ReportInput> & { from: string; to: string }): ReportInput => ({
    projectId,
    groupBy: [],
    filter: {},
    ...part,
  })

  test('of any time, the sums of whole hours and of the spans at both ends are the sums of the spans', async () => {
    await fc.assert(
      fc.asyncProperty(range, async (time) => {
        const groups = Map.groupBy(
          within(time).filter((span) => span.billable === 1),
          (span) => span.model_response,
        )
        const rows = await costReport(store.client, input({ ...time, groupBy: ['model'] }))
        expect(rows).toHaveLength(groups.size)
        for (const row of rows) {
          const calls = groups.get(String(row.model)) ?? []
          const exact = calls.reduce((sum, span) => sum + BigInt(span.cost_total.replace('.', '')), 0n)
          expect(row).toMatchObject({
            calls: calls.length,
            unpricedCalls: calls.filter((span) => span.priced === 0).length,
            totalTokens: calls.reduce((sum, span) => sum + span.usage_total, 0),
          })
          const [whole = '0', places = ''] = String(row.cost ?? '0').split('.')
          expect(BigInt(whole + places.padEnd(12, '0'))).toBe(exact)
        }
      }),
      { numRuns: 25 },
    )
  })

  test('durations and errors likewise, by any of the dimensions that sums are kept of', async () => {
    await fc.assert(
      fc.asyncProperty(range, fc.constantFrom('model', 'tool', 'agent', 'kind'), async (time, dimension) => {
        const column = { model: 'model_response', tool: 'tool_name', agent: 'agent', kind: 'kind' } as const
        const chosen = within(time).filter(
          (span) =>
            ({ model: span.kind === 'model', tool: span.kind === 'tool', agent: span.parent_span_id === '', kind: true })[dimension],
        )
        const groups = Map.groupBy(chosen, (span) => span[column[dimension]])
        const rows = await latencyReport(store.client, input({ ...time, groupBy: [dimension] }))
        expect(rows).toHaveLength(groups.size)
        for (const row of rows) {
          const group = groups.get(String(row[dimension])) ?? []
          const durations = group.map((span) => Date.parse(span.end_time) - Date.parse(span.start_time))
          expect(row).toMatchObject({
            spans: group.length,
            errors: group.filter((span) => span.status === 'error').length,
            maxMs: Math.max(...durations),
          })
        }
      }),
      { numRuns: 25 },
    )
  })
})

test('a question that asks for too much says what to do', async () => {
  await expect(runJson(store.client, 'SELECT sum(number) FROM numbers(3000000000)', {})).rejects.toMatchObject({
    code: 'invalid',
    message: 'This would read more than 2,000,000,000 rows. Ask for a shorter time (from, to), or filter more.',
  })
})
