import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fisher, rankAttributes } from './rank-attributes.ts'

const row = (attribute: string, failed: number, good: number) => ({ attribute, value: 'v', failed, good })
const Table = fc
  .record({ f: fc.integer({ min: 1, max: 60 }), g: fc.integer({ min: 1, max: 60 }) })
  .chain(({ f, g }) => fc.record({ of: fc.constant({ failed: f, good: g }), failed: fc.nat(f), good: fc.nat(g) }))

describe('attributes that tell failed from good', () => {
  test('Fisher’s exact test, as the books have it', () => {
    // The lady tasting tea: 3 of 4, and all 4.
    expect(fisher(3, 1, { failed: 4, good: 4 })).toBeCloseTo(17 / 70, 10)
    expect(fisher(4, 0, { failed: 4, good: 4 })).toBeCloseTo(1 / 70, 10)
  })

  test('is a chance: of all tables from this one on', () => {
    fc.assert(
      fc.property(Table, ({ of, failed, good }) => {
        const p = fisher(failed, good, of)
        expect(p).toBeGreaterThan(0)
        expect(p).toBeLessThanOrEqual(1)
        if (failed > 0 && good < of.good) expect(fisher(failed - 1, good + 1, of)).toBeGreaterThanOrEqual(p)
      }),
    )
  })

  test('what all of one side have and none of the other comes first; what is alike on both is left out', () => {
    const ranked = rankAttributes(
      [row('common', 30, 30), row('some', 20, 5), row('all', 30, 0), row('rare', 2, 1)],
      { failed: 30, good: 30 },
      4,
    )
    expect(ranked.map(({ attribute }) => attribute)).toEqual(['all', 'some'])
    expect(ranked[0]).toMatchObject({ bits: 1, lift: (30.5 / 31) * (31 / 0.5) })
    expect(ranked[0]?.p).toBeLessThan(1e-12)
  })

  test('the more was looked at, the less it proves', () => {
    const of = { failed: 8, good: 8 }
    const [few] = rankAttributes([row('a', 7, 1)], of, 1)
    expect(few?.p).toBeLessThan(0.01)
    expect(rankAttributes([row('a', 7, 1)], of, 1_000)[0]?.p).toBe(1)
  })

  test('what parts a handful of runs is shown though they prove nothing, after what is proven; what few failed or some good have is not', () => {
    const few = { failed: 5, good: 2 }
    const ranked = rankAttributes([row('tag', 5, 0), row('most', 3, 0), row('half', 2, 0), row('both', 5, 1)], few, 30)
    expect(ranked.map(({ attribute }) => attribute)).toEqual(['tag', 'most'])
    expect(ranked.every(({ p }) => p > 0.2)).toBe(true)
    const many = { failed: 200, good: 5 }
    const rows = [...Array.from({ length: 20 }, (_, n) => row(`weak${n}`, 110, 0)), row('proven', 200, 2)]
    const mixed = rankAttributes(rows, many, 300).map(({ attribute }) => attribute)
    expect(mixed[0]).toBe('proven')
    expect(mixed).toHaveLength(11)
  })

  test('bits are never negative, and none where both sides are alike', () => {
    fc.assert(
      fc.property(Table, ({ of, failed, good }) => {
        for (const { bits, lift, p } of rankAttributes([row('a', failed, good)], of, 1)) {
          expect(bits).toBeGreaterThan(-1e-9)
          expect(bits).toBeLessThanOrEqual(1 + 1e-9)
          expect(lift).toBeGreaterThan(1)
          expect(p <= 0.2 || (failed > of.failed / 2 && good <= of.good / 5)).toBe(true)
        }
      }),
    )
  })
})
