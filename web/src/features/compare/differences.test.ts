import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pairTurns, toTurns } from './conversation-difference.ts'
import { costOf, sayCost } from './format-difference.ts'
import { differenceOfTexts } from './text-difference.ts'

test('the pieces of a text difference are both texts, whatever they hold', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.string({ unit: 'grapheme', maxLength: 60 }), (a, b) => {
      const pieces = differenceOfTexts(a, b) ?? []
      const side = (not: 'a' | 'b') =>
        pieces
          .filter((piece) => piece.in !== not)
          .map((piece) => piece.text)
          .join('')
      expect([side('b'), side('a')]).toEqual([a, b])
    }),
  )
})

test('texts that are too large are left to be shown beside each other', () => {
  expect(differenceOfTexts('x '.repeat(300_000), 'y')).toBe(null)
})

test('conversations: what both have is held fast, a changed answer stands beside the other', () => {
  const turn = (role: string, text: string) => ({ role, text })
  const pairs = pairTurns(
    [turn('user', 'hi'), turn('assistant', 'one'), turn('user', 'more')],
    [turn('system', 'be kind'), turn('user', 'hi'), turn('assistant', 'two'), turn('user', 'more')],
  )
  expect(pairs.map(({ a, b, isSame: same }) => [a?.text, b?.text, same])).toEqual([
    [undefined, 'be kind', false],
    ['hi', 'hi', true],
    ['one', 'two', false],
    ['more', 'more', true],
  ])
})

test('every turn of both conversations is in one pair', () => {
  const turns = fc.array(fc.record({ role: fc.constantFrom('user', 'assistant'), text: fc.constantFrom('x', 'y', 'z') }), { maxLength: 12 })
  fc.assert(
    fc.property(turns, turns, (a, b) => {
      const pairs = pairTurns(a, b)
      expect(pairs.flatMap((pair) => pair.a ?? [])).toEqual(a)
      expect(pairs.flatMap((pair) => pair.b ?? [])).toEqual(b)
    }),
  )
})

test('messages are read in parts, with tools that were called', () => {
  expect(
    toTurns([
      {
        role: 'assistant',
        parts: [
          { type: 'text', content: 'Looking.' },
          { type: 'tool_call', name: 'search', arguments: { q: 1 } },
        ],
      },
    ]),
  ).toEqual([{ role: 'assistant', text: 'Looking.\ncalls search {\n  "q": 1\n}' }])
  expect(toTurns({ not: 'a message' })).toBe(null)
})

test('a cost without a price is said so, and is not the cost of what is free', () => {
  expect([costOf({ costUsd: null }), costOf({}), costOf({ costUsd: '0.25' }), costOf(undefined)]).toEqual([
    'no price',
    '$0',
    '$0.2500',
    '–',
  ])
  expect(sayCost({ costUsd: null }, false).text).toBe('no price')
})
