import { expect, test } from 'vitest'
import { ContentCollector } from './content-address.ts'

const HOUR_MS = 3_600_000

test('a text is stored once in its conversation, and again half a day later: retention may have deleted it', () => {
  const contents = new ContentCollector()
  const storedAt = (hour: number, scope = 's') => {
    contents.begin(1_000 * HOUR_MS + hour * HOUR_MS)
    contents.addText('p', scope, 'text')
    return contents.take().length
  }
  expect([0, 1, 11].map((hour) => storedAt(hour))).toEqual([1, 0, 0])
  expect(storedAt(11, 'another')).toBe(1)
  expect([13, 14].map((hour) => storedAt(hour))).toEqual([1, 0])
})
