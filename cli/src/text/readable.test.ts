import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toReadable } from './readable.ts'

const ALL = { textChars: Infinity, chars: Infinity }

describe('a value for people', () => {
  it('shows messages under who said them, with their own line ends and quotes', () => {
    const messages = [
      { role: 'system', parts: [{ type: 'text', content: 'Be "kind".\nBe brief.' }] },
      { role: 'user', content: 'Where is it?' },
      {
        role: 'assistant',
        content: [{ type: 'text', text: 'I look.' }],
        tool_calls: [{ function: { name: 'lookup', arguments: '{"n":7}' } }],
      },
      { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'lookup', arguments: { n: 8 } }] },
    ]
    expect(toReadable(messages, ALL)).toBe(`system:
  Be "kind".
  Be brief.

user:
  Where is it?

assistant:
  I look.
  → lookup({"n":7})

assistant:
  → lookup({"n":8})`)
  })

  it('shows other values by their names, texts of several lines below them', () => {
    expect(
      toReadable({ topic: 'a "b"', n: [1, 2], none: null, draft: 'one\ntwo', deep: { list: [{ a: 1 }, 'x'] } }, ALL),
    ).toBe(`topic: a "b"
n: [1,2]
none: null
draft:
  one
  two
deep:
  list:
    -
      a: 1
    - x`)
    expect([toReadable('plain', ALL), toReadable(7, ALL), toReadable([], ALL), toReadable({}, ALL)]).toEqual(['plain', '7', '[]', '{}'])
  })

  it('cuts each text, and all of it, and says so', () => {
    const limits = { textChars: 10, chars: 100 }
    expect(toReadable({ a: 'x'.repeat(1_010), b: 'short' }, limits)).toBe(
      `a: ${'x'.repeat(10)}\n… 1,000 more characters: --full shows them\nb: short`,
    )
    const long = toReadable(
      Array.from({ length: 1_000 }, (_, n) => `item ${n}`),
      limits,
    )
    expect(long.length).toBeLessThan(200)
    expect(long).toMatch(/… and more: --full shows all of it$/)
  })

  it('has all texts of any JSON, and stays within limits', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const texts: string[] = []
        JSON.stringify(value, (_, item) => {
          if (typeof item === 'string' && /^\w+$/.test(item)) texts.push(item)
          return item
        })
        const whole = toReadable(value, ALL)
        for (const text of texts) expect(whole).toContain(text)
        expect(toReadable(value, { textChars: 50, chars: 200 }).length).toBeLessThan(1_500)
      }),
    )
  })
})
