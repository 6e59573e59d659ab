import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pairTurns, toTurns } from './conversation-difference.ts'
import { differenceOfJson, isSame, MOST_CHANGES } from './json-difference.ts'
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

test('JSON: a value differs from itself in nothing; a change is named by its path', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(isSame(differenceOfJson(value, structuredClone(value)))).toBe(true)
    }),
  )
  expect(differenceOfJson({ a: [1, { b: 'x' }], c: null }, { a: [1, { b: 'y' }, 3], d: 1 }).changes).toEqual([
    { path: 'a[1].b', a: 'x', b: 'y', is: 'changed' },
    { path: 'a[2]', a: undefined, b: 3, is: 'added' },
    { path: 'c', a: null, b: undefined, is: 'removed' },
    { path: 'd', a: undefined, b: 1, is: 'added' },
  ])
})

test('JSON of any depth and size ends', () => {
  const deep = (leaf: unknown) => Array.from({ length: 20_000 }).reduce((inner) => ({ in: inner }), leaf)
  expect(differenceOfJson(deep(1), deep(2)).changes).toHaveLength(1)
  const wide = differenceOfJson(
    Array.from({ length: 5_000 }, () => 1),
    Array.from({ length: 5_000 }, () => 2),
  )
  expect([wide.changes.length, wide.isCut]).toEqual([MOST_CHANGES, true])
})

test('keys of an object that JavaScript knows are only keys', () => {
  const hostile = JSON.parse('{"__proto__":{"x":1},"constructor":2}')
  expect(differenceOfJson({}, hostile).changes.map((change) => change.path)).toEqual(['__proto__', 'constructor'])
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
