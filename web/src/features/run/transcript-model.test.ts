import type { TranscriptItem } from '@cairn/sdk/protocol'
import { expect, test } from 'vitest'
import { findLines, lineText, placeOfPart, toLines, toMarkdown } from './transcript-model.ts'

const span = (fields: object) => ({
  spanId: 's',
  name: 'n',
  model: 'm',
  toolCallId: '',
  toolName: '',
  errorMessage: '',
  execution: 1,
  stepKey: '',
  agent: '',
  ...fields,
})
const call = (spanId: string, fields: object) =>
  ({
    type: 'call',
    span: span({ spanId }),
    depth: 0,
    cuts: [],
    system: null,
    added: [],
    output: [],
    repeated: 0,
    ...fields,
  }) as unknown as TranscriptItem
const asks = {
  at: '/output/0',
  role: 'assistant',
  parts: [
    { type: 'text', content: 'Looking.' },
    { type: 'tool_call', id: 'c1', name: 'search', arguments: { q: 1 } },
  ],
}
const answers = { at: '/input/2', role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'found' }] }

test('a call of a tool, its span and its result are one line', () => {
  const tool = {
    type: 'tool',
    span: span({ spanId: 't', toolCallId: 'c1' }),
    depth: 0,
    cuts: [],
    input: { q: 1 },
    output: 'from the span',
  } as unknown as TranscriptItem
  const lines = toLines([call('a', { output: [asks] }), tool, call('b', { added: [answers] })])
  expect(lines.map((line) => line.type)).toEqual(['call', 'message', 'tool', 'call'])
  expect(lines[2]).toMatchObject({ name: 'search', result: { value: 'from the span', at: '/output' } })
})

test('without a span of it the result is the one that was sent back', () => {
  const lines = toLines([call('a', { output: [asks] }), call('b', { added: [answers] })])
  expect(lines[2]).toMatchObject({ type: 'tool', result: { value: 'found', at: '/input/2/parts/0/response' } })
  expect(lines[2] && lineText(lines[2])).toBe('search({"q":1})\n→ found')
})

test('a result whose call is unknown is a message, and a span of a tool whose call is unknown a line', () => {
  const tool = {
    type: 'tool',
    span: span({ spanId: 't', toolName: 'clock' }),
    depth: 0,
    cuts: [],
    input: null,
    output: '12:00',
  } as unknown as TranscriptItem
  expect(toLines([tool, call('b', { added: [answers] })]).map((line) => line.type)).toEqual(['tool', 'message', 'call'])
})

test('keys are each their own, and the Markdown has every message', () => {
  const lines = toLines([
    call('a', { added: [{ at: '/input/0', role: 'user', parts: [{ type: 'text', content: 'Hello' }] }], output: [asks] }),
  ])
  expect(new Set(lines.map((line) => line.key)).size).toBe(lines.length)
  expect(toMarkdown(lines)).toContain('**user**\n\nHello')
})

test('find has lines whose text goes on beyond what was sent, where the server found it in their span', () => {
  const said = (at: string, content: string) => ({ at, role: 'user', parts: [{ type: 'text', content }] })
  const cuts = [{ at: '/input/10/parts/0/content', kind: 'text', shown: 5, of: 90 }]
  const lines = toLines([call('a', { added: [said('/input/1', 'short'), said('/input/10', 'A lon')], cuts }), call('b', { cuts })])
  const found = (text: string, ids: string[]) => findLines(lines, text, ids).map(({ line, isBeyond }) => [line.key, isBeyond])
  expect(found('far away', [])).toEqual([])
  expect(found('far away', ['a', 'b'])).toEqual([['a /input/10', true]])
  expect(found(' SHORT ', ['a'])).toEqual([
    ['a /input/1', false],
    ['a /input/10', true],
  ])
})

test('instructions in parts are their texts, each with its place; others are a value', () => {
  const system = [
    { type: 'text', content: 'Be brief.' },
    { type: 'text', content: 'Cite.' },
  ]
  const [line] = toLines([call('a', { system })])
  expect(line).toMatchObject({ type: 'message', role: 'system', parts: system })
  expect(line?.type === 'message' && placeOfPart(line, 1)).toBe('/system/1')
  const [tree] = toLines([call('a', { system: { rules: [] } })])
  expect(tree).toMatchObject({ parts: [{ type: 'value', content: { rules: [] } }] })
  expect(tree?.type === 'message' && placeOfPart(tree, 0)).toBe('/system')
})

test('attempts of a step are numbered where there was more than one', () => {
  const tool = (spanId: string, name: string, stepKey: string) =>
    ({ type: 'tool', span: span({ spanId, name, stepKey, toolName: 'search' }), depth: 0, cuts: [], input: 1, output: 2 }) as never
  const lines = toLines([
    tool('a', 'search attempt 1', 'search/a'),
    tool('b', 'search attempt 2', 'search/a'),
    tool('c', 'search attempt 1', 'search/c'),
  ])
  expect(lines.map(({ attempt }) => attempt)).toEqual([1, 2, undefined])
  expect(toMarkdown(lines)).toContain('**tool, attempt 2**')
})
