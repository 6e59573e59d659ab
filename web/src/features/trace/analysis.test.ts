import type { SpanColumns } from '@cairn/sdk/protocol'
import { expect, test } from 'vitest'
import { statisticsByName } from './analysis'

const FLAGS = { error: 1, interrupted: 2, billable: 4, priced: 8 }

function statistics(spans: readonly { name: string; kind: string; step?: string; lasts: number; flags?: number }[]) {
  const words = ['']
  const word = (text: string) => (words.includes(text) ? words.indexOf(text) : words.push(text) - 1)
  const columns = {
    name: Uint32Array.from(spans, (span) => word(span.name)),
    kind: Uint32Array.from(spans, (span) => word(span.kind)),
    step: Uint32Array.from(spans, (span) => word(span.step ?? '')),
    start: new Float64Array(spans.length),
    flags: Uint8Array.from(spans, (span) => span.flags ?? 0),
    tokens: new Float64Array(spans.length),
    cost: new BigInt64Array(spans.length),
  } as unknown as SpanColumns
  const ends = Float64Array.from(spans, (span) => span.lasts)
  return statisticsByName({ columns, words, ends, self: ends, flags: FLAGS })
}

test('attempts of a step are one name, with the number of retries, and apart from the step around them', () => {
  const tool = { kind: 'tool', step: 'search' }
  const rows = statistics([
    { name: 'search', kind: 'tool', step: 'search', lasts: 100 },
    { ...tool, name: 'search attempt 1', lasts: 10, flags: FLAGS.error },
    { ...tool, name: 'search attempt 2', lasts: 20, flags: FLAGS.error },
    { ...tool, name: 'search attempt 3', lasts: 30 },
  ])
  expect(rows).toMatchObject([
    { name: 'search', kind: 'tool', isAttempts: false, count: 1, retries: 0, total: 100 },
    { name: 'search', kind: 'tool', isAttempts: true, count: 3, retries: 2, errors: 2, total: 60, longest: 30, longestRow: 3 },
  ])
})

test('a span of no step that is only named so keeps its name', () => {
  const rows = statistics([
    { name: 'login attempt 1', kind: 'other', lasts: 2 },
    { name: 'login attempt 2', kind: 'other', lasts: 1 },
  ])
  expect(rows.map(({ name, isAttempts, retries }) => [name, isAttempts, retries])).toEqual([
    ['login attempt 1', false, 0],
    ['login attempt 2', false, 0],
  ])
})
