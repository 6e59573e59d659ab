import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { barsRange, compare, compareRates, compareUsd, runsHref } from './overview-model.ts'

describe('a number against the time before', () => {
  it.each([
    [112, 100, 'less', { direction: 'up', text: '12 %', isGood: false }],
    [50, 100, 'less', { direction: 'down', text: '50 %', isGood: true }],
    [350, 100, null, { direction: 'up', text: '3.5 times', isGood: null }],
    [100, 100, 'more', { direction: 'same', text: 'the same', isGood: null }],
    [5, 0, 'more', null],
    [null, 5, 'more', null],
  ] as const)('%s against %s, where %s is wanted', (now, before, wanted, expected) => {
    expect(compare(now, before, wanted)).toEqual(expected)
  })

  it('of rates is said in points, of money exactly, of an unknown price not at all', () => {
    expect(compareRates(0.95, 0.9, 'more')).toEqual({ direction: 'up', text: '5.0 points', isGood: true })
    expect(compareRates(null, 0.9, 'more')).toBeNull()
    expect(compareUsd('0.000002', '0.000001', 'less')).toEqual({ direction: 'up', text: '100 %', isGood: false })
    expect(compareUsd(null, '1', 'less')).toBeNull()
    expect(compareUsd('1', '0', 'less')).toBeNull()
  })

  it('never says NaN or Infinity', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (now, before) => {
        expect(compare(now, before, 'more')?.text ?? '').not.toMatch(/NaN|Infinity/)
      }),
    )
  })
})

it('the time of bars is the same from either end', () => {
  const points = [0, 60_000, 120_000].map((at) => ({ at }))
  expect(barsRange(points, { first: 2, last: 1 }, 60)).toEqual({ fromMs: 60_000, toMs: 180_000 })
  expect(barsRange(points, { first: 1, last: 2 }, 60)).toEqual({ fromMs: 60_000, toMs: 180_000 })
  expect(barsRange(points, { first: 0, last: 9 }, 60)).toBeNull()
})

it('the address of runs has the filter and the range', () => {
  expect(
    runsHref({ status: 'failed,crashed' }, { fromMs: Date.parse('2026-11-20T10:00:59Z'), toMs: Date.parse('2026-11-20T11:00:00Z') }),
  ).toBe('/runs?status=failed%2Ccrashed&from=2026-11-20T10%3A00%3A00.000Z&to=2026-11-20T11%3A00%3A00.000Z')
})
