import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrange, type Entry, fuzzyScore } from './palette-model.ts'

const entry = (group: string, label: string, more: Partial<Entry> = {}): Entry => ({
  id: `${group}/${label}`,
  group,
  label,
  run: () => {},
  ...more,
})

describe('fuzzyScore', () => {
  it('prefers beginnings to middles, and middles to letters', () => {
    const scores = ['Settings', 'Open settings', 'Resettings', 's e t t i n g'].map((text) => fuzzyScore(text, 'setting'))
    expect(scores.toSorted((a, b) => b - a)).toEqual(scores)
    expect(scores.every((score) => score > 0)).toBe(true)
  })
  it('finds words in any order, and none that is not there', () => {
    expect(fuzzyScore('Resume the run', 'run res')).toBeGreaterThan(0)
    expect(fuzzyScore('Resume the run', 'run fork')).toBe(0)
    expect(fuzzyScore('Change time zone', 'tz')).toBe(0)
    expect(fuzzyScore('Change time zone', 'tzn')).toBeGreaterThan(0)
  })
  it('finds each text by itself, and stays between 0 and 1', () => {
    fc.assert(fc.property(fc.string(), (text) => fuzzyScore(text, text) > 0))
    fc.assert(fc.property(fc.string(), fc.string(), (text, typed) => fuzzyScore(text, typed) >= 0 && fuzzyScore(text, typed) <= 1))
  })
})

describe('arrange', () => {
  const entries = [
    entry('Recent', 'run of research'),
    entry('Pages', 'Runs'),
    entry('Pages', 'Failures'),
    entry('Runs', 'x', { isFound: true }),
  ]
  it('leaves all in order while nothing is typed', () => {
    expect(arrange(entries, '').map(({ name }) => name)).toEqual(['Recent', 'Pages', 'Runs'])
  })
  it('puts the best first, and keeps what the server found', () => {
    const groups = arrange(entries, 'failures')
    expect(groups.map(({ name, entries: found }) => [name, found.map(({ label }) => label)])).toEqual([
      ['Pages', ['Failures']],
      ['Runs', ['x']],
    ])
  })
})
