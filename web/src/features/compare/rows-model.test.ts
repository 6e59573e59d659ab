import type { ComparedRow } from '@cairn/sdk/protocol'
import { expect, test } from 'vitest'
import { sayCost, sayDuration, sayTokens } from './format-difference.ts'
import { longestLeafMs, nextDifference, verdictText } from './rows-model.ts'

const row = (more: Partial<ComparedRow>): ComparedRow => ({ id: 'x~x', name: 'x', kind: 'step', depth: 0, verdict: 'same', ...more })

test('the next difference is found either way, round the ends, and none where there is none', () => {
  const rows = [row({ verdict: 'changed' }), row({}), row({ speed: 'slower' }), row({ verdict: 'shared' })]
  expect([nextDifference(rows, 0, 1), nextDifference(rows, 2, 1), nextDifference(rows, 0, -1)]).toEqual([2, 0, 2])
  expect(nextDifference(rows, -1, 1)).toBe(0)
  expect(nextDifference([row({})], 0, 1)).toBe(-1)
  expect(nextDifference([], -1, 1)).toBe(-1)
})

test('bars are drawn to the longest row that has none below it', () => {
  const item = (durationMs: number) => ({ status: 'ok', durationMs })
  expect(longestLeafMs([row({ a: item(900) }), row({ depth: 1, a: item(10), b: item(30) }), row({ depth: 1, b: item(20) })])).toBe(30)
})

test('a row says in words what it is', () => {
  expect(verdictText(row({}))).toBe('same')
  expect(verdictText(row({ verdict: 'changed', changes: ['output', 'error'], price: 'dearer' }))).toBe('output, error, dearer')
  expect(verdictText(row({ verdict: 'added' }))).toBe('only in B')
  expect(verdictText(row({ verdict: 'changed', changes: ['output'], b: { status: 'succeeded', givenByHand: true } }))).toBe(
    'given by hand in B, output',
  )
})

test('differences have a sign and a word, and what is unknown is no zero', () => {
  expect(sayDuration({ durationMs: 1_500, durationRatio: 2 })).toEqual({ text: '+1.50 s (2.00×)', word: 'slower', tone: 'bad' })
  expect(sayDuration({ durationMs: null, durationRatio: null }).text).toBe('–')
  expect(sayCost({ costUsd: '-0.0025' })).toEqual({ text: '−$0.0025', word: 'cheaper', tone: 'good' })
  expect(sayCost({ costUsd: null }).text).toBe('no price')
  expect(sayCost({ costUsd: '0' }).text).toBe('±0')
  expect(sayTokens({ tokens: -1_234 })).toEqual({ text: '−1,234', word: 'fewer', tone: 'good' })
})
