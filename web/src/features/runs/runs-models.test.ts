import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findNew, mergeRows, rowsBetween } from './live-rows-model'
import { chosenValues, foldOldFilter, replaceField, startedOf, toggleValue } from './query-model'
import { selectionUnder, selectMore, selectNothing } from './selection-model'

const NONE = { status: [], agent: '', version: '', sessionId: '', userId: '', tag: '', errorGroup: '', from: '', to: '', q: '' }

describe('the query of the page', () => {
  it('gets a value by a click on a facet, and loses it by the next', () => {
    const one = toggleValue('"refund policy"', 'agent', 'deep research')
    expect(one).toBe('"refund policy" agent:"deep research"')
    const two = toggleValue(one, 'agent', 'writer')
    expect(chosenValues(two, 'agent')).toEqual(['deep research', 'writer'])
    expect(toggleValue(toggleValue(two, 'agent', 'writer'), 'agent', 'deep research')).toBe('"refund policy"')
  })

  it('of any value is as before after two clicks', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (value) => {
        const once = toggleValue('status:failed word', 'user', value)
        expect(chosenValues(once, 'user')).toEqual([value])
        expect(toggleValue(once, 'user', value)).toBe('status:failed word')
      }),
    )
  })

  it('holds what old links ask for', () => {
    expect(foldOldFilter('', { ...NONE, errorGroup: 'ab12', status: ['failed', 'crashed'] })).toBe('status:failed,crashed group:ab12')
    expect(foldOldFilter('', { ...NONE, sessionId: 's 1', q: 'two words' })).toBe('session:"s 1" "two words"')
    expect(foldOldFilter('user:ann', { ...NONE, userId: 'ann' })).toBe('user:ann')
  })

  it('has one time', () => {
    const query = replaceField('started:<2h agent:a', 'started', '<7d')
    expect([query, startedOf(query), replaceField(query, 'started', '')]).toEqual(['agent:a started:<7d', '<7d', 'agent:a'])
  })
})

describe('rows of a live list', () => {
  const row = (id: string, status = 'running') => ({ id, status })
  it('stay in place, each as it is now', () => {
    const now = new Map([['b', row('b', 'succeeded')]])
    expect(mergeRows([row('c')], [row('b'), row('c'), row('a')], now)).toEqual([row('c'), row('b', 'succeeded'), row('a')])
  })
  it('that are new stand above those shown', () => {
    expect(findNew([row('d'), row('c'), row('b'), row('a')], [row('c'), row('b')])).toEqual([row('d')])
    expect(findNew([row('b'), row('a')], [])).toHaveLength(2)
  })
  it('are selected from one to another, either way', () => {
    const rows = ['a', 'b', 'c', 'd'].map((id) => row(id))
    expect([rowsBetween(rows, 'c', 'a'), rowsBetween(rows, null, 'b'), rowsBetween(rows, 'gone', 'b')]).toEqual([
      ['a', 'b', 'c'],
      ['b'],
      ['b'],
    ])
  })
})

describe('a selection', () => {
  it('holds under the query that it was made under, and no other', () => {
    const all = { ...selectMore(selectNothing('status:failed'), ['a', 'b'], true), isAll: true }
    expect(selectionUnder(all, 'status:failed')).toBe(all)
    expect(selectionUnder(all, '')).toEqual(selectNothing(''))
  })
  it('loses one by the second click, and is not of all any more', () => {
    const all = { ...selectMore(selectNothing(''), ['a', 'b'], true), isAll: true }
    expect(selectMore(all, ['b'], true)).toEqual({ query: '', ids: new Set(['a']), isAll: false })
    expect(selectMore(all, ['b', 'c'], false)).toEqual({ query: '', ids: new Set(['a', 'b', 'c']), isAll: false })
  })
})
