import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diffJson, isUnchanged, MOST_CHANGES } from './json-diff.ts'

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

test('JSON: a value differs from itself in nothing; a change is named by its path', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(isUnchanged(diffJson(value, structuredClone(value)))).toBe(true)
    }),
  )
  expect(diffJson({ a: [1, { b: 'x' }], c: null }, { a: [1, { b: 'y' }, 3], d: 1 }).changes).toEqual([
    { path: 'a[1].b', before: 'x', after: 'y', kind: 'changed' },
    { path: 'a[2]', before: undefined, after: 3, kind: 'added' },
    { path: 'c', before: null, after: undefined, kind: 'removed' },
    { path: 'd', before: undefined, after: 1, kind: 'added' },
  ])
})

test('JSON of any depth and size ends', () => {
  const deep = (leaf: unknown) => Array.from({ length: 20_000 }).reduce((inner) => ({ in: inner }), leaf)
  expect(diffJson(deep(1), deep(2)).changes).toHaveLength(1)
  const wide = diffJson(
    Array.from({ length: 5_000 }, () => 1),
    Array.from({ length: 5_000 }, () => 2),
  )
  expect([wide.changes.length, wide.isCut]).toEqual([MOST_CHANGES, true])
})

test('keys of an object that JavaScript knows are only keys', () => {
  const hostile = JSON.parse('{"__proto__":{"x":1},"constructor":2}')
  expect(diffJson({}, hostile).changes.map((change) => change.path)).toEqual(['__proto__', 'constructor'])
})
