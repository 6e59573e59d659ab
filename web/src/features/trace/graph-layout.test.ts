import { expect, test } from 'vitest'
import { placeGraph } from './graph-layout'

const graph = (edges: readonly (readonly [string, string])[]) => ({
  nodes: [...new Set(edges.flat())].map((key) => ({ key, label: key, kind: 'step', count: 1, errors: 0, total: 0, firstRow: 0 })),
  edges: edges.map(([from, to]) => ({ from, to, count: 1 })),
  hidden: 0,
})

test('what one called lies from top to bottom in its order, right of the caller', () => {
  const steps = ['plan', 'search', 'check', 'write', 'publish']
  const calls = steps.map((step) => [step, `${step} call`] as const)
  const { nodes, callers } = placeGraph(graph([...steps.map((step) => ['agent', step] as const), ...calls]))
  const at = (key: string) => nodes.find(({ node }) => node.key === key) ?? { x: Number.NaN, y: Number.NaN }
  for (const of of [steps, calls.map(([, call]) => call)]) {
    const places = of.map((key) => at(key).y)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(new Set(places).size).toBe(of.length)
  }
  expect(at('agent').x).toBeLessThan(at('plan').x)
  expect(at('plan').x).toBeLessThan(at('plan call').x)
  expect(callers.get('plan call')).toEqual(['plan'])
})
