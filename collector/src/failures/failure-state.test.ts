import type { FailureDecisionRow } from '@cairn/prisma'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeState } from './failure-state.ts'

const DECIDED = '2026-01-02T00:00:00.000000Z'
const decision = (more: Partial<FailureDecisionRow>): FailureDecisionRow => ({
  projectId: 'p',
  errorGroup: 'g',
  state: 'open',
  actor: null,
  note: null,
  decidedAt: DECIDED,
  inVersion: null,
  oldVersions: [],
  untilTime: null,
  untilCount: null,
  regressedAt: null,
  ...more,
})
const NOW = Date.parse('2026-01-03T00:00:00Z')

const Version = fc.constantFrom('', '1', '2', '3', '4')
const At = fc.integer({ min: 1, max: 23 }).map((hour) => `2026-01-02T${String(hour).padStart(2, '0')}:00:00.000000Z`)
const Since = fc.record({
  count: fc.nat(20),
  firstByVersion: fc.dictionary(Version, At).map((firsts) => new Map(Object.entries(firsts))),
})
const Decision = fc.record({
  state: fc.constantFrom('open', 'resolved', 'muted'),
  inVersion: fc.option(Version, { nil: null }),
  oldVersions: fc.uniqueArray(Version),
  untilTime: fc.option(fc.constantFrom('2026-01-02T12:00:00Z', '2026-02-01T00:00:00Z'), { nil: null }),
  untilCount: fc.option(fc.integer({ min: 1, max: 20 }), { nil: null }),
})

describe('the state of a group', () => {
  test('without a decision is open', () => {
    expect(judgeState(undefined, undefined, NOW)).toEqual({ state: 'open', regression: false, left: null, reopened: null })
  })

  test('is what was decided, or open with why', () => {
    fc.assert(
      fc.property(Decision, fc.option(Since, { nil: undefined }), (decided, since) => {
        const judged = judgeState(decision(decided), since, NOW)
        if (judged.reopened === null) expect(judged.state).toBe(decided.state)
        else expect(judged.state).toBe('open')
        // Only what was resolved can regress, and only by a failure that says when.
        expect(judged.regression).toBe(judged.reopened !== null && decided.state === 'resolved')
        expect(judged.reopened?.regressedAt != null).toBe(judged.regression)
      }),
    )
  })

  test('resolved lasts while nothing fails that began after it', () => {
    fc.assert(
      fc.property(fc.nat(20), (count) => {
        expect(judgeState(decision({ state: 'resolved' }), { count, firstByVersion: new Map() }, NOW).state).toBe('resolved')
      }),
    )
  })

  test('resolved in no version opens by any failure, at the first of them', () => {
    fc.assert(
      fc.property(Since, (since) => {
        const times = [...since.firstByVersion.values()].sort()
        const judged = judgeState(decision({ state: 'resolved' }), since, NOW)
        expect(judged.reopened?.regressedAt).toBe(times[0])
      }),
    )
  })

  test('resolved in a version opens by that one and by new ones, not by those from before', () => {
    fc.assert(
      fc.property(Since, Version, fc.uniqueArray(Version), (since, inVersion, oldVersions) => {
        const judged = judgeState(decision({ state: 'resolved', inVersion, oldVersions }), since, NOW)
        const telling = [...since.firstByVersion.keys()].some(
          (version) => version === inVersion || !(oldVersions as string[]).includes(version),
        )
        expect(judged.regression).toBe(telling)
      }),
    )
  })

  test('muted ends by the time or by the count, whichever comes first', () => {
    fc.assert(
      fc.property(Decision, Since, ({ untilTime, untilCount }, since) => {
        const judged = judgeState(decision({ state: 'muted', untilTime, untilCount }), since, NOW)
        const isOver = (untilCount !== null && since.count >= untilCount) || (untilTime !== null && Date.parse(untilTime) <= NOW)
        expect(judged.state).toBe(isOver ? 'open' : 'muted')
        expect(judged.left).toBe(isOver || untilCount === null ? null : untilCount - since.count)
      }),
    )
  })

  test('more failures never close what is open', () => {
    fc.assert(
      fc.property(Decision, Since, fc.nat(5), (decided, since, more) => {
        const before = judgeState(decision(decided), since, NOW)
        const after = judgeState(decision(decided), { ...since, count: since.count + more }, NOW)
        if (before.state === 'open') expect(after.state).toBe('open')
      }),
    )
  })

  test('open by a regression stays marked until somebody decides', () => {
    expect(judgeState(decision({ regressedAt: DECIDED }), undefined, NOW)).toMatchObject({
      state: 'open',
      regression: true,
      reopened: null,
    })
  })
})
