import { expect, test } from 'vitest'
import { RecentWindow } from './recent-window.ts'

test('holds the newest keys with their newest values, and forgets old ones', () => {
  const window = new RecentWindow(10)
  for (let i = 0; i < 1_000; i++) {
    window.set(`k${i}`, i)
    window.set('again', i)
    for (let back = 0; back < 8 && back <= i; back++) expect(window.get(`k${i - back}`)).toBe(i - back)
    expect(window.get('again')).toBe(i)
  }
  expect(window.has('k970')).toBe(false)
  expect(window.get('k0')).toBeUndefined()
})
