import type { Cut, JsonValue } from '@cairn/sdk/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutValue, findAt, sliceEntries, sliceText } from './cut-value.ts'

/** What a page does: reads the rest of every cut and puts it in its place. */
function restore(whole: JsonValue, value: JsonValue, cuts: readonly Cut[]): JsonValue {
  for (const cut of cuts) {
    const original = findAt(whole, cut.at)
    if (cut.kind === 'text' && typeof original === 'string') {
      let text = sliceText(original, 0, cut.shown)
      while (text.length < cut.of) text += sliceText(original, text.length, 7)
      value = replaceAt(value, cut.at, text)
    } else if (original !== null && typeof original === 'object') {
      const shown = findAt(value, cut.at)
      const entries: [string, JsonValue][] = Object.entries(shown as Record<string, JsonValue>)
      for (let at = cut.shown; at < cut.of; ) {
        const slice = sliceEntries(original, cut.at, at, 50)
        entries.push(...slice.entries.map(([key]): [string, JsonValue] => [key, findAt(original, `/${escapeKey(key)}`) ?? null]))
        at = slice.end
      }
      value = replaceAt(value, cut.at, Array.isArray(original) ? entries.map(([, v]) => v) : Object.fromEntries(entries))
    }
  }
  return value
}

const escapeKey = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')

function replaceAt(value: JsonValue, pointer: string, by: JsonValue): JsonValue {
  const path = pointer.split('/').slice(1)
  const last = path.pop()
  if (last === undefined) return by
  const parent = findAt(value, path.map((part) => `/${part}`).join('')) as Record<string, JsonValue>
  parent[last.replaceAll('~1', '/').replaceAll('~0', '~')] = by
  return value
}

test('what was cut out and read piece by piece is the whole again', () => {
  fc.assert(
    fc.property(fc.jsonValue({ depthSize: 'large' }), fc.integer({ min: 1, max: 60 }), (drawn, maxChars) => {
      const whole = JSON.parse(JSON.stringify(drawn)) as JsonValue
      const { value, cuts } = cutValue(whole, '', maxChars)
      expect(restore(whole, structuredClone(value), cuts)).toEqual(whole)
    }),
  )
})

test('a long text leaves room for what comes after it, and says how much is left', () => {
  const { value, cuts } = cutValue(['x'.repeat(5_000_000), 'after'], '/output', 10_000)
  expect(value).toEqual(['x'.repeat(2_500), 'after'])
  expect(cuts).toEqual([{ at: '/output/0', kind: 'text', shown: 2_500, of: 5_000_000 }])
})

test('a list of very many is cut by its number', () => {
  const { value, cuts } = cutValue(
    Array.from({ length: 100_000 }, (_, i) => i),
    '/output',
    4_000,
  )
  expect((value as JsonValue[]).length).toBeLessThan(1_100)
  expect(cuts).toMatchObject([{ at: '/output', kind: 'items', of: 100_000 }])
})

test('no pair of surrogates is cut in two', () => {
  expect(sliceText('a😀b', 0, 2)).toBe('a')
  expect(sliceText('😀', 0, 1)).toBe('😀')
})

test('a pointer finds own fields only', () => {
  expect(findAt({ 'a/b': { '~': 1 } }, '/a~1b/~0')).toBe(1)
  expect(findAt({}, '/__proto__')).toBeUndefined()
  expect(findAt([1], '/length')).toBeUndefined()
})
