import { randomBytes } from 'node:crypto'
import type { Span, SpanPart, Transcript, TranscriptItem } from '@cairn/sdk/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KEY, startTestCollector, type TestCollector } from '../ingest/test-collector.fixture.ts'

let collector: TestCollector
beforeAll(async () => {
  collector = await startTestCollector()
}, 60_000)
afterAll(() => collector?.stop())

interface Sent {
  readonly id: string
  readonly parent?: string
  readonly name: string
  readonly attributes?: Record<string, unknown>
  readonly failed?: boolean
}

const FAILED = { status: { code: 2, message: 'went wrong' } }

async function send(traceId: string, spans: readonly Sent[]): Promise<void> {
  const sent = spans.map(({ id, parent, name, attributes = {}, failed }, i) => ({
    ...{
      traceId,
      spanId: id,
      name,
      startTimeUnixNano: `${1_764_000_000_000 + i}000000`,
      endTimeUnixNano: `${1_764_000_000_900 + i}000000`,
    },
    ...(parent === undefined ? {} : { parentSpanId: parent }),
    ...(failed ? FAILED : {}),
    attributes: Object.entries(attributes).map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { intValue: value } : { stringValue: typeof value === 'string' ? value : JSON.stringify(value) },
    })),
  }))
  const answer = await fetch(`${collector.url}/v1/traces`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: sent }] }] }),
  })
  expect(answer.status).toBe(200)
}

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(`${collector.url}${path}`, { headers: { authorization: `Bearer ${KEY}` } })
  expect(answer.status, await answer.clone().text()).toBe(200)
  return (await answer.json()) as T
}

const id = (n: number) => n.toString(16).padStart(16, '0')
const user = (content: string) => ({ role: 'user', parts: [{ type: 'text', content }] })
const assistant = (content: string) => ({ role: 'assistant', parts: [{ type: 'text', content }] })
const call = (input: unknown[], output: unknown[]) => ({
  ...{ 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o-mini', 'gen_ai.provider.name': 'openai' },
  'gen_ai.input.messages': input,
  'gen_ai.output.messages': output,
})

const words = (items: readonly TranscriptItem[]) =>
  items.flatMap((item) =>
    item.type === 'call'
      ? [...item.added, ...item.output].map((message) => (message.parts[0] as { content: string }).content)
      : [`(${item.type} ${item.span.name})`],
  )

test('a conversation whose history is sent again with each call has each message once, on every page', async () => {
  const traceId = randomBytes(16).toString('hex')
  const history: ReturnType<typeof user>[] = []
  const spans: Sent[] = [{ id: id(1), name: 'agent', attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'chat' } }]
  const expected: string[] = []
  for (let turn = 0; turn < 12; turn++) {
    const asked = user(turn % 3 === 0 ? 'yes' : `question ${turn}`)
    // An answer comes back without its reason to stop.
    const answer = assistant(`answer ${turn}`)
    spans.push({
      id: id(10 + turn),
      parent: id(1),
      name: 'chat',
      attributes: call([...history, asked], [{ ...answer, finish_reason: 'stop' }]),
    })
    history.push(asked, answer)
    expected.push(asked.parts[0]?.content ?? '', `answer ${turn}`)
  }
  await send(traceId, spans)
  const whole = await get<Transcript>(`/api/v1/traces/${traceId}/transcript`)
  expect(words(whole.items)).toEqual(['(agent agent)', ...expected])
  expect(whole.items.at(-1)).toMatchObject({ type: 'call', repeated: 22, span: { model: 'gpt-4o-mini' } })

  const paged: TranscriptItem[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Transcript = await get(`/api/v1/traces/${traceId}/transcript?limit=5${cursor && `&cursor=${cursor}`}`)
    paged.push(...page.items)
    cursor = page.nextCursor
  }
  expect(paged).toEqual(whole.items)
  const one = await get<Transcript>(`/api/v1/traces/${traceId}/transcript?spanId=${id(15)}`)
  expect(one.items).toEqual([whole.items[6]])
})

test('sub-agents are deeper and have a conversation of their own; tools, documents and failures are told', async () => {
  const traceId = randomBytes(16).toString('hex')
  const agent = { 'gen_ai.operation.name': 'invoke_agent' }
  await send(traceId, [
    { id: id(1), name: 'lead', attributes: agent },
    { id: id(2), parent: id(1), name: 'chat', attributes: call([user('go')], [assistant('calling')]) },
    { id: id(3), parent: id(1), name: 'helper', attributes: agent },
    { id: id(4), parent: id(3), name: 'chat', attributes: call([user('go')], [assistant('done')]) },
    {
      id: id(5),
      parent: id(3),
      name: 'search',
      attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search', 'gen_ai.tool.call.arguments': { q: 1 } },
      failed: true,
    },
    {
      id: id(6),
      parent: id(1),
      name: 'find',
      attributes: { 'openinference.span.kind': 'RETRIEVER', 'input.value': 'q', 'output.value': '["d"]' },
    },
    { id: id(7), parent: id(1), name: 'parse', failed: true },
  ])
  const { items } = await get<Transcript>(`/api/v1/traces/${traceId}/transcript`)
  expect(items.map(({ type, depth, span }) => [type, depth, span.name])).toEqual([
    ['agent', 0, 'lead'],
    ['call', 0, 'chat'],
    ['agent', 1, 'helper'],
    ['call', 1, 'chat'],
    ['tool', 1, 'search'],
    ['documents', 0, 'find'],
    ['error', 0, 'parse'],
  ])
  expect(items[3]).toMatchObject({ added: [{ role: 'user' }] })
  expect(items[4]).toMatchObject({ input: { q: 1 }, span: { errorMessage: 'went wrong' } })
  expect(items[5]).toMatchObject({ input: 'q', output: ['d'] })
})

test('a framework span around the call is told once, and executions of a run share a conversation', async () => {
  const traceId = randomBytes(16).toString('hex')
  const runId = '01980000-0000-7000-8000-0000000000aa'
  const execution = (n: number) => ({ 'cairn.kind': 'agent', 'cairn.run.id': runId, 'cairn.execution': n })
  const inner = { 'cairn.run.id': runId, 'cairn.execution': 1 }
  await send(traceId, [
    { id: id(1), name: 'run', attributes: execution(1) },
    { id: id(2), parent: id(1), name: 'outer', attributes: { ...call([user('a')], [assistant('b')]), ...inner } },
    { id: id(3), parent: id(2), name: 'inner', attributes: { ...call([user('a')], [assistant('b')]), ...inner } },
    { id: id(4), name: 'run', attributes: execution(2) },
    {
      id: id(5),
      parent: id(4),
      name: 'again',
      attributes: { ...call([user('a'), assistant('b'), user('c')], [assistant('d')]), ...inner },
    },
  ])
  const { items } = await get<Transcript>(`/api/v1/traces/${traceId}/transcript`)
  expect(words(items)).toEqual(['(execution run)', 'a', 'b', '(execution run)', 'c', 'd'])
})

test('long texts come cut, and their rest in pieces', async () => {
  const traceId = randomBytes(16).toString('hex')
  const long = 'word '.repeat(400_000)
  await send(traceId, [{ id: id(1), name: 'chat', attributes: call([user('short')], [assistant(long)]) }])
  const { items } = await get<Transcript>(`/api/v1/traces/${traceId}/transcript`)
  expect(items[0]?.cuts).toMatchObject([{ at: '/output/0/parts/0/content', kind: 'text', of: 2_000_000 }])
  const span = await get<Span>(`/api/v1/traces/${traceId}/spans/${id(1)}?maxChars=20000`)
  expect(JSON.stringify(span).length).toBeLessThan(100_000)
  const cut = span.cuts?.find(({ at }) => at === '/output/0/parts/0/content')
  let text = long.slice(0, cut?.shown)
  for (let offset = cut?.shown ?? null; offset !== null; ) {
    const part: SpanPart = await get(`/api/v1/traces/${traceId}/spans/${id(1)}/part?at=${cut?.at}&offset=${offset}&chars=1000000`)
    if (part.kind === 'text') text += part.text
    offset = part.next
  }
  expect(text).toBe(long)
})

test('wrong questions are refused in words', async () => {
  const traceId = randomBytes(16).toString('hex')
  await send(traceId, [{ id: id(1), name: 'chat', attributes: call([user('a')], []) }])
  const status = async (path: string) =>
    (await fetch(`${collector.url}/api/v1/traces/${path}`, { headers: { authorization: `Bearer ${KEY}` } })).status
  expect(await status(`${'0'.repeat(31)}1/transcript`)).toBe(404)
  expect(await status(`${traceId}/transcript?cursor=x`)).toBe(400)
  expect(await status(`${traceId}/transcript?limit=0`)).toBe(400)
  expect(await status(`${traceId}/spans/${id(1)}/part?at=/name/x`)).toBe(404)
  expect(await status(`${traceId}/spans/${id(1)}/part?at=output`)).toBe(400)
})
