import { SPAN_FLAGS } from '@cairn/sdk/protocol'
import { factsOf } from './span-facts'
import { parentOf } from './trace-index'
import type { TraceAnalysis, TraceData } from './trace-worker'

/** Spans of one label and kind. Times in nanoseconds. */
export interface GraphNode {
  readonly key: string
  readonly label: string
  readonly kind: string
  count: number
  errors: number
  total: number
  /** Row of the first one. */
  readonly firstRow: number
}

/** Spans of the one called spans of the other. */
export interface GraphEdge {
  readonly from: string
  readonly to: string
  count: number
}

/** Nodes and edges in the order in which the first of each began, callers before what they called. */
export interface CallGraph {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  /** Nodes that are not shown: those in which the least time went. */
  readonly hidden: number
}

/** More than these nobody reads. */
const MOST_NODES = 60

/** Who called whom, how often: fan-out of one kind of work (`search/1`, `search/2`) is one node. */
export function buildCallGraph(data: TraceData, analysis: TraceAnalysis | null): CallGraph {
  const { table, index } = data
  const nodes = new Map<string, GraphNode>()
  const edges = new Map<string, GraphEdge>()
  const keyOfRow: string[] = new Array(index.rows)
  const labels = new Map<string, Label>()
  for (let position = 0; position < index.rows; position++) {
    const row = index.spanAt[position] ?? 0
    const { key, label, kind } = labelOf(data, row, labels)
    keyOfRow[row] = key
    let node = nodes.get(key)
    if (node === undefined) {
      node = { key, label, kind, count: 0, errors: 0, total: 0, firstRow: row }
      nodes.set(key, node)
    }
    node.count += 1
    node.total += analysis?.self[row] ?? table.columns.duration[row] ?? 0
    if (((table.columns.flags[row] ?? 0) & (SPAN_FLAGS.error | SPAN_FLAGS.interrupted)) !== 0) node.errors += 1
    const above = parentOf(index, row)
    const from = above < 0 ? undefined : keyOfRow[above]
    if (from === undefined || from === key) continue
    const edgeKey = `${from}\0${key}`
    const edge = edges.get(edgeKey)
    if (edge === undefined) edges.set(edgeKey, { from, to: key, count: 1 })
    else edge.count += 1
  }
  const kept = [...nodes.values()].sort((a, b) => b.errors - a.errors || b.total - a.total).slice(0, MOST_NODES)
  const isKept = new Set(kept.map((node) => node.key))
  return {
    nodes: [...nodes.values()].filter((node) => isKept.has(node.key)),
    edges: [...edges.values()].filter(({ from, to }) => isKept.has(from) && isKept.has(to)),
    hidden: nodes.size - kept.length,
  }
}

interface Label {
  readonly key: string
  readonly label: string
  readonly kind: string
}

/** Spans of one name, step and kind have one label; what runs within a step has its key and not its label. */
function labelOf(data: TraceData, row: number, known: Map<string, Label>): Label {
  const { name, step, kind } = data.table.columns
  const above = parentOf(data.index, row)
  const id = `${name[row]} ${step[row]} ${kind[row]} ${above >= 0 && step[above] === step[row]}`
  const found = known.get(id)
  if (found !== undefined) return found
  const facts = factsOf(data, row)
  const label = facts.label.replace(/#\d+$/, '').replace(/\d+/g, '…')
  const made = { key: `${facts.kind}\0${label}`, label, kind: facts.kind }
  known.set(id, made)
  return made
}
