import fc from 'fast-check'
import { expect, test } from 'vitest'
import { align } from './align.ts'
import { commonRun } from './common-run.ts'
import { compare, type LoadedSide } from './compare.ts'
import { toRow } from './judge.ts'
import { countNodes } from './load-run.ts'
import type { CompareNode } from './node.ts'

interface Sketch {
  readonly key: string
  readonly input: string
  readonly output: string
  readonly ms: number
  readonly cost: number | null
  readonly children: readonly Sketch[]
}

const forestOf = (depth: number): fc.Arbitrary<Sketch[]> =>
  fc.array(
    fc.record({
      key: fc.constantFrom('chat', 'search', 'read'),
      input: fc.constantFrom('x', 'y', 'z'),
      output: fc.constantFrom('1', '2'),
      ms: fc.integer({ min: 0, max: 500 }),
      cost: fc.option(fc.integer({ min: 0, max: 9 }), { freq: 9 }),
      children: depth === 0 ? fc.constant([]) : forestOf(depth - 1),
    }),
    { maxLength: 5 },
  )
const forest = forestOf(3)

function toNodes(sketches: readonly Sketch[], side: string): CompareNode[] {
  let number = 0
  const toNode = (sketch: Sketch): CompareNode => ({
    key: sketch.key,
    name: sketch.key,
    kind: 'step',
    id: `${side}${number++}`,
    item: { status: 'ok', durationMs: sketch.ms },
    cost: sketch.cost === null ? null : BigInt(sketch.cost),
    prints: { input: sketch.input, given: null, output: sketch.output, stored: null, parameters: null },
    checkpoint: null,
    children: sketch.children.map(toNode),
  })
  return sketches.map(toNode)
}

const idsOf = (nodes: readonly CompareNode[]): string[] => nodes.flatMap((node) => [node.id, ...idsOf(node.children)])

test('a thing aligned with itself gives the same only, without a difference', () => {
  fc.assert(
    fc.property(forest, (sketches) => {
      const rows = align(toNodes(sketches, 'a'), toNodes(sketches, 'b')).map(toRow)
      for (const row of rows) {
        expect(row).toMatchObject({
          verdict: 'same',
          id: `a${row.id.slice(1, row.id.indexOf('~'))}~b${row.id.slice(1, row.id.indexOf('~'))}`,
        })
        expect([row.speed, row.price]).toEqual([undefined, undefined])
      }
    }),
  )
})

test('every node of both sides is in one row, once, below its parent', () => {
  fc.assert(
    fc.property(forest, forest, (one, other) => {
      const [a, b] = [toNodes(one, 'a'), toNodes(other, 'b')]
      const pairs = align(a, b)
      expect(pairs.flatMap((pair) => pair.a?.id ?? []).sort()).toEqual(idsOf(a).sort())
      expect(pairs.flatMap((pair) => pair.b?.id ?? []).sort()).toEqual(idsOf(b).sort())
      // What A has stands in A's own order.
      expect(pairs.flatMap((pair) => pair.a?.id ?? [])).toEqual(idsOf(a))
      for (const { a: inA, b: inB } of pairs) if (inA !== undefined && inB !== undefined) expect(inA.key).toBe(inB.key)
      expect(pairs[0]?.depth ?? 0).toBe(0)
      for (const [i, pair] of pairs.entries()) if (i > 0) expect(pair.depth).toBeLessThanOrEqual((pairs[i - 1]?.depth ?? 0) + 1)
    }),
  )
})

test('swapped sides swap what is added and removed, and turn every difference round', () => {
  fc.assert(
    fc.property(forest, forest, (one, other) => {
      const there = align(toNodes(one, 'a'), toNodes(other, 'b'))
      const back = align(toNodes(other, 'b'), toNodes(one, 'a'))
      const turned = new Map(back.map((pair) => [`${pair.b?.id ?? ''}~${pair.a?.id ?? ''}`, toRow(pair)]))
      expect(turned.size).toBe(there.length)
      for (const row of there.map(toRow)) {
        const reverse = turned.get(row.id)
        expect(reverse?.verdict).toBe({ added: 'removed', removed: 'added' }[row.verdict as string] ?? row.verdict)
        expect(reverse?.difference?.durationMs).toBe(row.difference?.durationMs === 0 ? 0 : -(row.difference?.durationMs ?? 0))
        const turnedUsd = reverse?.difference?.costUsd ?? null
        expect(turnedUsd === null ? null : Number(turnedUsd) + Number(row.difference?.costUsd)).toBe(
          row.difference?.costUsd === null ? null : 0,
        )
      }
    }),
  )
})

test('a common run is common, in order, and as long as can be', () => {
  const words = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 })
  fc.assert(
    fc.property(words, words, (a, b) => {
      const pairs = commonRun(a, b)
      for (const [i, [x, y]] of pairs.entries()) {
        expect(a[x]).toBe(b[y])
        if (i > 0) expect([x, y].every((place, side) => place > (pairs[i - 1]?.[side] ?? -1))).toBe(true)
      }
      expect(pairs).toHaveLength(longest(a, b))
    }),
  )
})

/** By the table of all lengths, as books have it. */
function longest(a: readonly string[], b: readonly string[]): number {
  let above = new Array<number>(b.length + 1).fill(0)
  for (const word of a) {
    const row = [0]
    for (const [j, other] of b.entries()) row.push(word === other ? (above[j] ?? 0) + 1 : Math.max(row[j] ?? 0, above[j + 1] ?? 0))
    above = row
  }
  return above.at(-1) ?? 0
}

const flat = (inputs: readonly string[], side: string) =>
  toNodes(
    inputs.map((input) => ({ key: 'chat', input, output: '1', ms: 1, cost: 1, children: [] })),
    side,
  )

test('calls of one name are told apart by what went in: one more in the middle is one more, not a change of all after it', () => {
  const pairs = align(flat(['1', '2', '3', '4'], 'a'), flat(['1', '2', 'new', '3', '4'], 'b'))
  expect(pairs.map(toRow).map((row) => row.verdict)).toEqual(['same', 'same', 'added', 'same', 'same'])
})

test('20,000 calls of one name that all differ, and a chain 20,000 deep, are aligned', () => {
  const many = (side: string) =>
    flat(
      Array.from({ length: 20_000 }, (_, i) => `${side}${i}`),
      side,
    )
  expect(align(many('a'), many('b'))).toHaveLength(20_000)
  const deep = (side: string) => {
    let [node] = flat(['x'], side)
    for (let i = 1; i < 20_000; i++)
      node = { ...(flat([side], side)[0] as CompareNode), id: `${side}${i}`, children: node === undefined ? [] : [node] }
    return node === undefined ? [] : [node]
  }
  const sideOf = (nodes: CompareNode[]): LoadedSide => ({
    nodes,
    side: { durationMs: null, tokens: 0, costUsd: null, items: countNodes(nodes) } as LoadedSide['side'],
  })
  const compared = compare(sideOf(deep('a')), sideOf(deep('b')), { by: 'span', relation: 'none', only: 'changed', limit: 10 })
  expect(compared).toMatchObject({ totals: { changed: 19_999, same: 1 }, rowsLeftOut: 19_990 })
})
