import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cutElements, separatorOf } from './cut-elements.ts'

describe('cutting the objects of lists out of a text', () => {
  test('a list of messages, as JavaScript and as Python write it', () => {
    const messages = [
      { role: 'user', content: 'a "quoted" } ] \\' },
      { role: 'assistant', parts: [{ type: 'text', content: '{[' }] },
    ]
    const compact = cutElements(JSON.stringify(messages), 0)
    expect(compact).toEqual(['[', JSON.stringify(messages[0]), ',', JSON.stringify(messages[1]), ']'])
    expect(separatorOf(compact)).toBe(',')
    const spaced = cutElements('[{"role": "user"}, {"role": "assistant"}]', 0)
    expect(spaced).toEqual(['[', '{"role": "user"}', ', ', '{"role": "assistant"}', ']'])
    expect(separatorOf(spaced)).toBe(', ')
  })

  test('the messages inside a whole request, the long ones alone', () => {
    const long = { role: 'user', content: 'x'.repeat(50) }
    const text = JSON.stringify({ model: 'm', messages: [{ role: 'system' }, long], tools: [] })
    expect(cutElements(text, 40)).toEqual(['{"model":"m","messages":[{"role":"system"},', JSON.stringify(long), '],"tools":[]}'])
  })

  test('what is no list of objects has no separator', () => {
    for (const text of ['', 'plain', '[]', '[1,2]', '[{"a":1},2]', '[{"a":1},{"b":2} , {"c":3}]', '[{"a":1}', '{"a":[{"b":1}]}'])
      expect(separatorOf(cutElements(text, 0))).toBeUndefined()
    expect(separatorOf(cutElements('[{"a":1}]', 0))).toBe(',')
  })

  test('the pieces of any text are the text, and of JSON each one cut is an object', () => {
    const json = fc.json({ maxDepth: 6 })
    const looksLikeIt = fc.string({
      unit: fc.constantFrom('[', ']', '{', '}', '"', '\\', ',', ':', 'a', ' ', 'é', '\ud800'),
      maxLength: 80,
    })
    fc.assert(
      fc.property(fc.oneof(json, looksLikeIt), fc.nat(20), (text, shortest) => {
        const pieces = cutElements(text, shortest)
        expect(pieces.join('')).toBe(text)
        expect(pieces.length % 2).toBe(1)
      }),
      { numRuns: 2_000 },
    )
    fc.assert(
      fc.property(json, (text) => {
        cutElements(text, 0).forEach((piece, i) => {
          if (i % 2 === 1) expect(JSON.parse(piece)).toBeTypeOf('object')
        })
      }),
      { numRuns: 1_000 },
    )
  })

  test('a text nested very deep, or of very many elements, takes no more time than its length', () => {
    for (const text of ['['.repeat(500_000), '{"a":'.repeat(200_000), '[{'.repeat(300_000), `[${'{},'.repeat(300_000)}]`])
      expect(cutElements(text, 0).join('')).toBe(text)
  })
})
