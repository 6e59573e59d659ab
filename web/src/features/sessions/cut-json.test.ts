import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCutJson } from './cut-json.ts'

test('a message that was cut is its role and its text so far', () => {
  const whole = JSON.stringify({ role: 'user', parts: [{ type: 'text', content: 'Line one\nand "two" é' }] })
  expect(parseCutJson(whole.slice(0, whole.indexOf('two') + 1))).toEqual({
    role: 'user',
    parts: [{ type: 'text', content: 'Line one\nand "t' }],
  })
  expect(parseCutJson('{"a":"x\\u00e')).toEqual({ a: 'x' })
  expect(parseCutJson('{"a":"x\\\\')).toEqual({ a: 'x\\' })
  expect(parseCutJson('{"a":1,"b')).toEqual({ a: 1 })
  expect(parseCutJson('{"a":tru')).toEqual({})
})

test('what is no JSON is not taken for some', () => {
  for (const text of ['[hello world, this', '{ braces }', 'plain', '{"a" 1']) expect(parseCutJson(text)).toBeUndefined()
})

test('any JSON, cut anywhere, is read; uncut it is what it says', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(), (value, end) => {
      const text = JSON.stringify(value)
      if ((typeof value === 'object' && value !== null) || typeof value === 'string') expect(parseCutJson(text)).toEqual(JSON.parse(text))
      const cut = parseCutJson(text.slice(0, 1 + (end % text.length)))
      if (typeof value === 'object' && value !== null) expect(Array.isArray(cut)).toBe(Array.isArray(value))
      if (typeof value === 'string') expect(JSON.parse(text).startsWith(String(cut))).toBe(true)
    }),
  )
})
