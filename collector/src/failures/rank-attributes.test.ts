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
    expect(rankAttributes([row('a', 7, 1)], of, 1_000)).toEqual([])
  })

  test('bits are never negative, and none where both sides are alike', () => {
    fc.assert(
      fc.property(Table, ({ of, failed, good }) => {
        for (const { bits, lift, p } of rankAttributes([row('a', failed, good)], of, 1)) {
          expect(bits).toBeGreaterThan(-1e-9)
          expect(bits).toBeLessThanOrEqual(1 + 1e-9)
          expect(lift).toBeGreaterThan(1)
          expect(p).toBeLessThanOrEqual(0.2)
        }
      }),
    )
  })
})
