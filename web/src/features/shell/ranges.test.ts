import { expect, it } from 'vitest'
import { rangeReaching } from './ranges.ts'

it('the shortest range that has a time in it', () => {
  const HOUR = 3_600_000
  expect([0, HOUR, 25 * HOUR, 200 * HOUR, 5_000 * HOUR].map((backMs) => rangeReaching(backMs)?.[0])).toEqual([1, 24, 168, 720, undefined])
})
