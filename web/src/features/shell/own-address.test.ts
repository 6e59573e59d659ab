import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ownAddress } from './own-address'

const ORIGIN = 'http://localhost:3000'

it.each([
  '//evil.test',
  '/\\evil.test',
  '/\t/evil.test',
  '/\n/evil.test',
  '\\\\evil.test',
  'http://evil.test',
  'javascript:alert(1)',
  '/.//evil.test',
  'http:',
])('leads nowhere else by %j', (asked) => {
  const { origin } = new URL(ownAddress(asked, ORIGIN), `${ORIGIN}/sign-in`)
  expect(origin).toBe(ORIGIN)
})

it('keeps path, query and fragment', () => {
  expect(ownAddress('/runs?query=a:b&x=%2F#row', ORIGIN)).toBe('/runs?query=a:b&x=%2F#row')
  expect(ownAddress('runs', ORIGIN)).toBe('/runs')
})

it('stays here whatever is asked', () => {
  const part = fc.oneof(fc.constantFrom('/', '\\', '.', '\t', '\n', ':', '@', '?', '#', '%2f', 'evil.test', 'http:'), fc.string())
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const found = ownAddress(parts.join(''), ORIGIN)
      expect(new URL(found, `${ORIGIN}/sign-in`).origin).toBe(ORIGIN)
    }),
  )
})
