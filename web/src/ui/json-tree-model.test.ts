import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toJsonText } from './json-text.ts'
import { codePathOf, findInTree, flattenTree, MOST_ROWS, openAll, openTo, PAGE, pointerOf, type TreeView } from './json-tree-model.ts'

const closed: TreeView = { opened: new Map(), openDepth: 0, shown: new Map(), extra: new Map(), wholeSize: new Map() }
const deep = (levels: number) => Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 'leaf')

test('all of a value open is every one of its values once, in order', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const rows = flattenTree(value, { ...closed, openDepth: 1_000 })
      const visited: unknown[] = []
      const visit = (at: unknown) => {
        visited.push(at)
        if (at !== null && typeof at === 'object') for (const inner of Object.values(at)) visit(inner)
      }
      visit(value)
      expect(rows.map((row) => row.value)).toEqual(visited)
    }),
  )
})

test('ten thousand levels are opened, found in and written', () => {
  const value = deep(10_000)
  const rows = flattenTree(value, { ...closed, opened: openAll(value) })
  expect(rows.length).toBeGreaterThan(4_000)
  const [hit] = findInTree(value, 'LEAF').hits
  if (hit === undefined) throw new Error('not found')
  const shown = flattenTree(value, { ...closed, ...openTo(hit, closed) })
  expect(shown.at(-1)).toMatchObject({ kind: 'scalar', value: 'leaf', depth: 10_000 })
  expect(toJsonText(value)).toBe(`${'['.repeat(10_000)}"leaf"${']'.repeat(10_000)}`)
})

test('a long list is shown page by page, and what was found in it is shown', () => {
  const list = Array.from({ length: 100_000 }, (_, i) => `item ${i}`)
  const rows = flattenTree(list, { ...closed, openDepth: 1 })
  expect(rows).toHaveLength(PAGE + 2)
  expect(rows.at(-1)).toMatchObject({ kind: 'more', size: 100_000 - PAGE })
  const [hit] = findInTree(list, 'item 54321').hits
  const found = hit && flattenTree(list, { ...closed, ...openTo(hit, closed) })
  expect(found?.some((row) => row.value === 'item 54321')).toBe(true)
  const whole = flattenTree(Array(400_000).fill(0), { ...closed, openDepth: 1, shown: new Map() })
  expect(whole.length).toBeLessThan(MOST_ROWS)
})

test('what was not sent is said, and what came later stands in its place', () => {
  const list = [1, 2]
  const view = { ...closed, openDepth: 1, wholeSize: new Map([[list, 4]]) }
  expect(flattenTree(list, view).at(-1)).toMatchObject({ kind: 'end', size: 2 })
  const extra = new Map([[list, [['2', 3] as const, ['3', 4] as const]]])
  expect(flattenTree(list, { ...view, extra }).map((row) => row.value)).toEqual([list, 1, 2, 3, 4])
})

test('a place is named as one writes it, and as a pointer', () => {
  const value = { messages: [{ 'a/b~c': { ok: 1 } }] }
  const rows = flattenTree(value, { ...closed, openDepth: 9 })
  expect(codePathOf(rows.at(-1)?.path ?? null)).toBe('messages[0]["a/b~c"].ok')
  expect(pointerOf(rows.at(-1)?.path ?? null)).toBe('/messages/0/a~1b~0c/ok')
})
