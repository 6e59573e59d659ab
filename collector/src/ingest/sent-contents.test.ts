import type { Span, Trace } from '@cairn/sdk/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeSpan } from './map/fixtures/read-fixture.ts'
import type { AttributeValue, OtlpSpan } from './otlp/types.ts'
import { getPipeline } from './pipeline.ts'
import { KEY, PROJECT_ID, startTestCollector, type TestCollector } from './test-collector.fixture.ts'

let collector: TestCollector
beforeAll(async () => {
  collector = await startTestCollector()
})
afterAll(() => collector?.stop())

async function write(items: OtlpSpan[]): Promise<void> {
  const pipeline = await getPipeline(collector.ctx)
  await pipeline.writeSpans(PROJECT_ID, [
    { resource: new Map(), scope: { name: '', version: '', attributes: new Map() }, schemaUrl: '', items },
  ])
}

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(`${collector.url}${path}`, { headers: { authorization: `Bearer ${KEY}` } })
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

const spanOf = (traceId: string, spanId: string) => get<Span>(`/api/v1/traces/${traceId}/spans/${spanId}`)

let serial = 0
const nextTraceId = () => (++serial).toString(16).padStart(32, 'c')

interface SentMessage {
  readonly role: string
  readonly content: string
}

const TURNS = 50
/** Half a thousand characters that no other message has, with what needs escaping. */
const messages: SentMessage[] = Array.from({ length: TURNS * 2 }, (_, i) => ({
  role: i % 2 === 0 ? 'user' : 'assistant',
  content: Array.from({ length: 30 }, (_, word) => `“${((i + 1) * 7919 * (word + 3)).toString(36)}”\n"]}\\`).join(' '),
}))
const unique = Buffer.byteLength(JSON.stringify(messages))

const asMap = (value: unknown): AttributeValue => {
  if (Array.isArray(value)) return value.map(asMap)
  if (typeof value === 'object' && value !== null) return new Map(Object.entries(value).map(([key, inner]) => [key, asMap(inner)]))
  return value as AttributeValue
}
const asPython = (value: unknown): string =>
  JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ').replaceAll('[ {', '[{').replaceAll('} ]', '}]')

/** What they send with a turn, and the most that is stored, in times of the unique text: once for each form in which it is sent or shown. */
const emitters: [string, number, (history: SentMessage[]) => Record<string, AttributeValue>][] = [
  ['JSON of JavaScript', 1.1, (history) => ({ 'gen_ai.operation.name': 'chat', 'gen_ai.input.messages': JSON.stringify(history) })],
  ['JSON of Python', 1.1, (history) => ({ 'gen_ai.operation.name': 'chat', 'gen_ai.input.messages': asPython(history) })],
  ['structured values', 2.2, (history) => ({ 'gen_ai.operation.name': 'chat', 'gen_ai.input.messages': asMap(history) })],
  [
    'an attribute a message, and the request as a whole',
    3.6,
    (history) => ({
      'openinference.span.kind': 'LLM',
      'input.value': JSON.stringify({ model: 'm', messages: history }),
      ...Object.fromEntries(
        history.flatMap(({ role, content }, i) => [
          [`llm.input_messages.${i}.message.role`, role],
          [`llm.input_messages.${i}.message.content`, content],
        ]),
      ),
    }),
  ],
]

describe('a conversation that is sent again with every turn', () => {
  test.each(emitters)('%s: comes back as it was sent, and is stored once', async (_, most, attributesOf) => {
    const traceId = nextTraceId()
    const spans = Array.from({ length: TURNS }, (_, turn) =>
      makeSpan(attributesOf(messages.slice(0, turn * 2 + 1)), { traceId, spanId: (turn + 1).toString(16).padStart(16, '0') }),
    )
    await write(spans)
    for (const turn of [0, 1, 30, TURNS - 1]) {
      const sent = spans[turn]
      if (sent === undefined) continue
      const span = await spanOf(traceId, sent.spanId)
      const plain = (value: AttributeValue): unknown =>
        value instanceof Map
          ? Object.fromEntries([...value].map(([k, v]) => [k, plain(v)]))
          : Array.isArray(value)
            ? value.map(plain)
            : value
      expect(span.attributes).toEqual(plain(sent.attributes))
      expect(span.messages).toEqual(
        messages.slice(0, turn * 2 + 1).map(({ role, content }) => ({ role, parts: [{ type: 'text', content }] })),
      )
    }
    const result = await collector.clickhouse.query({
      query: `SELECT (SELECT sum(length(text)) FROM contents WHERE scope_id = {traceId:String}) AS contents,
        (SELECT sum(length(attributes)) FROM span_attributes WHERE trace_id = {traceId:String}) AS attributes`,
      query_params: { traceId },
      format: 'JSONEachRow',
    })
    const [stored] = await result.json<{ contents: string; attributes: string }>()
    expect(Number(stored?.contents)).toBeLessThan(unique * most)
    // Nothing but references.
    expect(Number(stored?.attributes)).toBeLessThan((unique * TURNS) / 4)
  })
})

describe('long values', () => {
  const long = 'word '.repeat(200)
  test.each<[string, Record<string, AttributeValue>, unknown]>([
    ['a text', { 'input.value': long, other: long }, long],
    ['a text that is JSON of a list', { 'input.value': JSON.stringify([1, long]) }, [1, long]],
    ['JSON that is not written as we do', { 'input.value': `{ "a" : "${long}" }` }, { a: long }],
    ['half a pair', { 'input.value': `${long}\ud800` }, `${long}\ufffd`],
    ['what looks like JSON and ends early', { 'input.value': `[{"a":"${long}"},{"b":` }, `[{"a":"${long}"},{"b":`],
    ['an escaped half of a pair in a message', { 'gen_ai.input.messages': `[{"role":"user","content":"\\ud800${long}"}]` }, undefined],
  ])('%s comes back as it was sent', async (_, attributes, input) => {
    const traceId = nextTraceId()
    await write([makeSpan(attributes, { traceId })])
    const span = await spanOf(traceId, '0102030405060708')
    const wellFormed = Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value).toWellFormed()]))
    expect(span.attributes).toEqual(wellFormed)
    if (input !== undefined) expect(span.input).toEqual(input)
  })

  test('a map that says it is one of our references is taken as what it is', async () => {
    const traceId = nextTraceId()
    const forged = { $cairn: 'contents', as: 'json', v: ['}{', 1, { of: 'input' }, { h: 5 }] }
    const behind = { v: ['gone'], $cairn: 'contents' }
    await write([
      makeSpan(
        {
          forged: asMap(forged),
          behind: asMap(behind),
          deep: asMap({ inner: forged }),
          text: JSON.stringify(forged),
          long: `{"$cairn":"contents","v":["${long}"]}`,
        },
        { traceId },
      ),
    ])
    const { attributes } = await spanOf(traceId, '0102030405060708')
    expect(attributes).toMatchObject({ forged: { $cairn: 'map', v: forged }, deep: { inner: forged }, text: JSON.stringify(forged) })
    expect(attributes.behind).toEqual({ $cairn: 'map', v: behind })
    expect(attributes.long).toBe(`{"$cairn":"contents","v":["${long}"]}`)
  })

  test('all spans of a trace at once', async () => {
    const traceId = nextTraceId()
    await write(
      [1, 2, 3].map((n) => makeSpan({ 'input.value': `${n} ${long}`, note: `${n}${long}` }, { traceId, spanId: `000000000000000${n}` })),
    )
    const { spans } = await get<Trace>(`/api/v1/traces/${traceId}`)
    for (const [i, span] of spans.entries()) expect(span.attributes).toEqual({ 'input.value': `${i + 1} ${long}`, note: `${i + 1}${long}` })
  })
})
