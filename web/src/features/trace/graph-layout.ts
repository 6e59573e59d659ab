import { graphlib, layout } from '@dagrejs/dagre'
import type { CallGraph } from './graph-model'

export const NODE_WIDTH = 190
export const NODE_HEIGHT = 46

/** Callers left of what they called, and that from top to bottom in the order in which it first ran. */
export function placeGraph(graph: CallGraph) {
  const laid = new graphlib.Graph()
    .setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 56, marginx: 4, marginy: 4 })
    .setDefaultEdgeLabel(() => ({}))
  for (const node of graph.nodes) laid.setNode(node.key, { width: NODE_WIDTH, height: NODE_HEIGHT })
  for (const edge of graph.edges) laid.setEdge(edge.from, edge.to)
  // Its search for fewer crossings turns what was called upside down where that crosses no less.
  layout(laid, { disableOptimalOrderHeuristic: true })
  const labels = new Map(graph.nodes.map((node) => [node.key, node.label]))
  const callers = Map.groupBy(graph.edges, (edge) => edge.to)
  return {
    width: Math.ceil(laid.graph().width ?? 0),
    height: Math.ceil(laid.graph().height ?? 0),
    nodes: graph.nodes.map((node) => ({ node, x: laid.node(node.key).x, y: laid.node(node.key).y })),
    edges: graph.edges.map((edge) => {
      const points: readonly { x: number; y: number }[] = laid.edge(edge.from, edge.to).points ?? []
      const middle = points[points.length >> 1]
      return { ...edge, points: points.map(({ x, y }) => `${x},${y}`).join(' '), x: middle?.x ?? 0, y: middle?.y ?? 0 }
    }),
    callers: new Map([...callers].map(([to, edges]) => [to, edges.map((edge) => labels.get(edge.from) ?? '')])),
  }
}
