import type { ComparedRow } from '@cairn/sdk/protocol'
import { expect, test } from 'vitest'
import { countsAsShare, countsAsSpeed, countsOf, sayCost, sayDuration, sayTokens } from './format-difference.ts'
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
  expect(sayDuration({ durationMs: 1_500, durationRatio: 2 }, true)).toEqual({ text: '+1.50 s (2.00×)', word: 'slower', tone: 'bad' })
  expect(sayDuration({ durationMs: null, durationRatio: null }, false).text).toBe('–')
  expect(sayCost({ costUsd: '-0.0025' }, true)).toEqual({ text: '−$0.0025', word: 'cheaper', tone: 'good' })
  expect(sayCost({ costUsd: null }, false).text).toBe('no price')
  expect(sayCost({ costUsd: '0' }, false).text).toBe('±0')
  expect(sayTokens({ tokens: -1_234 }, true)).toEqual({ text: '−1,234', word: 'fewer', tone: 'good' })
})

test('only what counts has a colour and a word: of times half as much again and 50 ms, of money and tokens a tenth', () => {
  const noise = { durationMs: 0.01, durationRatio: 2 }
  expect(sayDuration(noise, countsAsSpeed(noise))).toEqual({ text: '+0.01 ms (2.00×)', word: '', tone: 'neutral' })
  expect(countsAsSpeed({ durationMs: 60, durationRatio: 1.1 })).toBe(false)
  expect(countsAsSpeed({ durationMs: -60, durationRatio: 0.5 })).toBe(true)
  expect([countsAsShare(100, 109), countsAsShare(110, 100), countsAsShare('0', '0.1'), countsAsShare(0, 0)]).toEqual([
    false,
    true,
    true,
    false,
  ])
  expect(countsAsShare(null, '1')).toBe(false)
  const given = { status: 'succeeded', givenByHand: true } as const
  expect(countsOf(row({ a: { status: 'ok', tokens: 100 }, b: given })).tokens).toBe(false)
  expect(countsOf(row({ speed: 'slower', a: { status: 'ok', tokens: 100 }, b: { status: 'ok', tokens: 101 } }))).toEqual({
    ...{ speed: true, price: false, tokens: false },
  })
})
