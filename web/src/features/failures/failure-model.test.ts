import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  describeChange,
  formatLift,
  formatP,
  isDecided,
  moveRow,
  strengthOf,
  toBars,
  toDecision,
  toMute,
  toRunsLink,
  toSpanLink,
} from './failure-model'

const NOW = Date.parse('2026-01-01T00:00:00Z')
const example = { failedAt: '', agent: 'a', version: '', step: '', errorMessage: '', durationMs: null, cost: null }

describe('failures', () => {
  test('mutes are of a time, of a number or for good', () => {
    expect(toMute('for a day', NOW)).toEqual({ state: 'muted', untilTime: '2026-01-02T00:00:00.000Z' })
    expect(toMute('until 10 more', NOW)).toEqual({ state: 'muted', untilCount: 10 })
    expect(toMute('for good', NOW)).toEqual({ state: 'muted' })
  })

  test('undo puts back what was', () => {
    const decision = { actor: 'ada', note: 'n', at: '', inVersion: '2', untilTime: null, left: null }
    const was = { regression: false, decision }
    expect(toDecision({ ...was, state: 'open', decision: null })).toEqual({ state: 'open' })
    expect(toDecision({ ...was, state: 'open', regression: true })).toEqual({ state: 'open', regression: true })
    expect(toDecision({ ...was, state: 'resolved' })).toEqual({ state: 'resolved', note: 'n', inVersion: '2' })
    const muted = { ...decision, inVersion: null, note: null, left: 3 }
    expect(toDecision({ ...was, state: 'muted', decision: muted })).toEqual({ state: 'muted', untilCount: 3 })
    // A mute that is over has opened.
    expect(toDecision({ ...was, state: 'open', decision: { ...decision, left: 0 } })).toEqual({ state: 'open' })
  })

  test('what is decided already is not decided again', () => {
    const decision = { actor: 'ada', note: 'n', at: '', inVersion: '2', untilTime: null, left: null }
    const resolved = { state: 'resolved', regression: false, decision } as const
    expect(isDecided(resolved, { state: 'resolved' })).toBe(true)
    expect(isDecided(resolved, { state: 'resolved', inVersion: '2', actor: 'bob' })).toBe(true)
    expect(isDecided(resolved, { state: 'resolved', inVersion: '3' })).toBe(false)
    expect(isDecided(resolved, { state: 'muted' })).toBe(false)
    expect(isDecided({ state: 'open', regression: false, decision: null }, { state: 'resolved' })).toBe(false)
    const muted = {
      state: 'muted',
      regression: false,
      decision: { ...decision, inVersion: null, untilTime: '2026-01-02T00:00:00Z' },
    } as const
    expect(isDecided(muted, toMute('for a week', NOW))).toBe(false)
  })

  test('a failure leads to the span that failed, in its run or trace', () => {
    expect(toSpanLink({ ...example, runId: 'r', traceId: 't', spanId: 's' } as never)).toBe('/runs/r?span=s')
    expect(toSpanLink({ ...example, runId: null, traceId: 't', spanId: 's' } as never)).toBe('/traces/t?span=s')
    expect(toSpanLink({ ...example, runId: 'r', traceId: 't', spanId: null } as never)).toBe('/runs/r')
  })

  test('attributes lead to the runs that have them, whatever they hold', () => {
    expect(toRunsLink('a&b', 'tag', 'x=1 #y')).toBe('/runs?agent=a%26b&tag=x%3D1+%23y')
    expect(toRunsLink('a', 'model', 'gpt')).toBeNull()
  })

  test.each([
    [0.0000001, 'strong', 'p < 0.001'],
    [0.02, 'likely', 'p = 0.020'],
    [0.15, 'may be chance', 'p = 0.15'],
    [1, 'too few to say', 'p = 1.00'],
  ])('p of %d is %s', (p, strength, text) => {
    expect([strengthOf(p), formatP(p)]).toEqual([strength, text])
  })

  test('lifts past what a few runs can show are not spelled out', () => {
    expect([formatLift(1.234), formatLift(23.4), formatLift(2_000)]).toEqual(['1.2 ×', '23 ×', 'over 100 ×'])
  })

  test('changes are sentences', () => {
    const change = (kind: string, details: object) =>
      describeChange({ change: kind, details, actor: null, note: null, at: '' } as never, (time) => time)
    expect(change('resolved', { inVersion: '4' })).toBe('resolved it in version 4')
    expect(change('muted', { untilCount: 10 })).toBe('muted it until 10 more')
    expect(change('muted', {})).toBe('muted it for good')
    expect(change('regressed', { version: '5' })).toBe('failed again in version 5: a regression')
    expect(change('merged', { groups: ['a', 'b'] })).toBe('merged 2 groups into it')
  })

  test('j and k stay inside the list', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1 }), fc.array(fc.constantFrom(1, -1)), (groups, moves) => {
        let at: string | null = null
        for (const by of moves) {
          at = moveRow(groups, at, by)
          expect(groups).toContain(at)
        }
      }),
    )
    expect(moveRow([], null, 1)).toBeNull()
    expect(moveRow(['a', 'b'], 'gone', 1)).toBe('a')
  })

  test('bars stay inside their box', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000_000), { maxLength: 60 }), (trend) => {
        for (const bar of toBars(trend, 96, 20)) {
          expect(bar.y).toBeGreaterThanOrEqual(0)
          expect(bar.y + bar.height).toBeCloseTo(20)
          expect(bar.x).toBeLessThan(96)
        }
      }),
    )
  })
})
