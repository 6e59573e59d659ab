import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diffJson } from './json-diff.ts'

test('a value differs from itself in nothing, and from another one in something', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(diffJson(a, structuredClone(a)).changes).toEqual([])
      expect(diffJson(a, b).changes.length === 0).toBe(JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)))
    }),
  )
})

const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : value !== null && typeof value === 'object'
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, inner]) => [key, sorted(inner)]),
        )
      : Object.is(value, -0)
        ? '-0'
        : value

test('changes are named as one writes them in code', () => {
  expect(diffJson({ notes: [1, 2], 'a b': 1, gone: true }, { notes: [0, 1, 2], 'a b': { c: 1 }, now: null }).changes).toEqual([
    { path: 'notes[0]', kind: 'added', before: undefined, after: 0 },
    { path: '["a b"]', kind: 'changed', before: 1, after: { c: 1 } },
    { path: 'gone', kind: 'removed', before: true, after: undefined },
    { path: 'now', kind: 'added', before: undefined, after: null },
  ])
})

test('ten thousand levels are no trouble', () => {
  const deep = (leaf: number) => Array.from({ length: 10_000 }).reduce<unknown>((inner) => ({ inner }), leaf)
  expect(diffJson(deep(1), deep(2)).changes).toHaveLength(1)
})
