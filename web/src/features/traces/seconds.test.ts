import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseDays } from '../settings/retention-model.ts'
import { formatSeconds, parseSeconds } from './seconds.ts'

it.each([
  ['', null],
  [' 2.5 ', 2_500],
  ['2,5', 2_500],
  ['.5', 500],
  ['3.', 3_000],
  ['-1', undefined],
  ['1e3', undefined],
  ['a', undefined],
  ['.', undefined],
  ['9'.repeat(20), undefined],
])('%j in seconds is %s ms', (text, ms) => {
  expect(parseSeconds(text)).toBe(ms)
})

it('what is shown reads as what it was', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), (ms) => {
      expect(parseSeconds(formatSeconds(ms))).toBe(ms)
    }),
  )
})

it.each([
  ['30', 30],
  [' 1 ', 1],
  ['3650', 3_650],
  ['0', null],
  ['3651', null],
  ['1.5', null],
  ['', null],
  ['-3', null],
])('%j is %s days', (text, days) => {
  expect(parseDays(text)).toBe(days)
})
