import { describe, expect, test } from 'vitest'
import { mapAttributes, mapFixture } from '../map/fixtures/read-fixture.ts'
import type { MappedSpan, PricedSpan } from '../map/mapped-span.ts'
import { NO_OVERRIDES } from '../price/overrides.ts'
import { priceSpan } from '../price/price-span.ts'
import { CallWindow } from './call-window.ts'
import { RecentWindow } from './recent-window.ts'
import { type BilledWindows, rememberBilled, settleBillable as settleInPlace } from './settle-billable.ts'
import { toWritten } from './span-memory.ts'

interface Owned {
  readonly projectId: string
  readonly span: PricedSpan
}

const makeWindows = (): BilledWindows => ({ calls: new CallWindow(100), traces: new RecentWindow(100), parents: new RecentWindow(100) })
const own = (span: MappedSpan): Owned => ({ projectId: 'p', span: { ...span, ...priceSpan(span, NO_OVERRIDES), billable: false } })
const settleBillable = (spans: Owned[], windows: BilledWindows): Owned[] => {
  settleInPlace(spans, windows)
  return spans
}
const rememberAll = (spans: Owned[], windows: BilledWindows) => {
  for (const span of spans) rememberBilled(toWritten(span), windows)
}
const billed = (spans: Owned[]) => spans.filter(({ span }) => span.billable).map(({ span }) => span.name)
const model = (name: string, spanId: string, parentSpanId: string, responseId = 'r1') =>
  own(
    mapAttributes(
      {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.usage.input_tokens': 10,
        'gen_ai.response.id': responseId,
      },
      { name, spanId, parentSpanId },
    ),
  )
const agent = (spanId: string) =>
  own(
    mapAttributes(
      { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.request.model': 'gpt-4o', 'gen_ai.usage.input_tokens': 10 },
      { name: 'agent', spanId },
    ),
  )

describe('what counts', () => {
  test.each([
    ['ai-sdk-7.json', ['chat gpt-4o-mini']],
    ['ai-sdk-7-legacy.json', ['ai.generateText.doGenerate']],
    ['openinference-openai.otlp', ['OpenAI Chat Completions']],
    ['gen-ai.otlp', ['chat gpt-4o-mini']],
  ])('in %s: the call, and not what wraps it', (file, names) => {
    expect(billed(settleBillable(mapFixture(file).map(own), makeWindows()))).toEqual(names)
  })

  test('a call in a call that the provider answered under another id is a second one, in one insert or in two', () => {
    const outer = model('outer', 'aaaaaaaaaaaaaaaa', '', 'r1')
    const inner = model('inner', 'bbbbbbbbbbbbbbbb', 'aaaaaaaaaaaaaaaa', 'r2')
    expect(billed(settleBillable([outer, inner], makeWindows()))).toEqual(['outer', 'inner'])
    const windows = makeWindows()
    rememberAll(settleBillable([inner], windows), windows)
    expect(billed(settleBillable([outer], windows))).toEqual(['outer'])
    const unnamed = model('unnamed', 'aaaaaaaaaaaaaaaa', '', '')
    expect(billed(settleBillable([unnamed], windows))).toEqual([])
  })

  test('of two spans for one call the inner one, in any order', () => {
    const outer = model('outer', 'aaaaaaaaaaaaaaaa', '')
    const inner = model('inner', 'bbbbbbbbbbbbbbbb', 'aaaaaaaaaaaaaaaa')
    expect(billed(settleBillable([outer, inner], makeWindows()))).toEqual(['inner'])
    expect(billed(settleBillable([inner, outer], makeWindows()))).toEqual(['inner'])
  })

  test('of two spans for one call that come in two requests the first', () => {
    const windows = makeWindows()
    const first = settleBillable([model('inner', 'bbbbbbbbbbbbbbbb', 'aaaaaaaaaaaaaaaa')], windows)
    rememberAll(first, windows)
    expect(
      billed(settleBillable([model('outer', 'aaaaaaaaaaaaaaaa', ''), model('other call', 'cccccccccccccccc', '', 'r2')], windows)),
    ).toEqual(['other call'])
    expect(billed(settleBillable([model('inner', 'bbbbbbbbbbbbbbbb', 'aaaaaaaaaaaaaaaa')], windows))).toEqual(['inner'])
  })

  test('two calls one after the other are two, even with one id', () => {
    const first = model('first', 'aaaaaaaaaaaaaaaa', '')
    const second = {
      ...first,
      span: { ...first.span, name: 'second', spanId: 'bbbbbbbbbbbbbbbb', startNs: first.span.endNs + 1n, endNs: first.span.endNs + 2n },
    }
    expect(billed(settleBillable([first, second], makeWindows()))).toEqual(['first', 'second'])
  })

  test('of a call in a call the inner one, without any id, also in two requests', () => {
    const windows = makeWindows()
    const outer = model('outer', 'aaaaaaaaaaaaaaaa', '', '')
    const inner = model('inner', 'bbbbbbbbbbbbbbbb', 'aaaaaaaaaaaaaaaa', '')
    expect(billed(settleBillable([outer, inner], windows))).toEqual(['inner'])
    rememberAll(settleBillable([inner], windows), windows)
    expect(billed(settleBillable([outer], windows))).toEqual([])
  })

  test('an agent’s sum only where its trace shows no call', () => {
    const windows = makeWindows()
    expect(billed(settleBillable([agent('dddddddddddddddd')], windows))).toEqual(['agent'])
    rememberAll(settleBillable([model('call', 'bbbbbbbbbbbbbbbb', 'dddddddddddddddd')], windows), windows)
    expect(billed(settleBillable([agent('dddddddddddddddd')], windows))).toEqual([])
  })

  test('a step around a call, without usage of its own, does not', () => {
    const step = own(mapAttributes({ 'cairn.kind': 'model', 'cairn.step.key': 'plan' }, { name: 'plan' }))
    expect(billed(settleBillable([step], makeWindows()))).toEqual([])
  })

  test('a call without usage does: its cost is unknown, and so is the sum', () => {
    const call = own(mapAttributes({ 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' }, { name: 'call' }))
    expect(settleBillable([call], makeWindows())[0]?.span).toMatchObject({ billable: true, cost: { priced: false } })
  })
})
