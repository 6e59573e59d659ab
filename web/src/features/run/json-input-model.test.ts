import fc from 'fast-check'
import { expect, it } from 'vitest'
import { jsonProblem, parseJson, toEditable } from './json-input-model.ts'

it('reads what it made editable', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = toEditable(value)
      expect(text).not.toBeNull()
      expect(JSON.stringify(parseJson(text ?? '')?.value)).toBe(JSON.stringify(value))
      expect(jsonProblem(text ?? '')).toBeNull()
    }),
  )
})

it('takes nothing typed for null', () => expect(parseJson('  ')).toEqual({ value: null }))

it('says what is wrong', () => {
  expect(jsonProblem('receipt')).toBe('That is not JSON. A text needs quotes: "sent".')
  expect(jsonProblem('{\n  "a": 1,\n  b: 2\n}')).toBe('That is not JSON: look at line 3.')
  expect(jsonProblem('{')).toMatch(/^That is not JSON/)
})

it('is a problem exactly where it is no JSON', () => {
  fc.assert(fc.property(fc.string(), (text) => (jsonProblem(text) === null) === (parseJson(text) !== null)))
})

it('leaves what is too long for a field alone', () => expect(toEditable('x'.repeat(300_000))).toBeNull())
