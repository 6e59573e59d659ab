'use client'
import { useMemo } from 'react'
import { kindColor } from '@/features/run/kind-color'
import { formatExact, formatMs } from '@/lib/format'
import { NODE_HEIGHT, NODE_WIDTH, placeGraph } from './graph-layout'
import { buildCallGraph, type GraphNode } from './graph-model'
import { spanIdOf } from './trace-index'
import type { TraceAnalysis, TraceData } from './trace-worker'

const LONGEST_LABEL = 26

interface GraphViewProps {
  readonly data: TraceData
  readonly analysis: TraceAnalysis | null
  readonly onShowSpan: (spanId: string) => void
}

/** Who called whom: each kind of work once, with how often and how long; what one called from top to bottom as it first ran. */
export function GraphView({ data, analysis, onShowSpan }: GraphViewProps) {
  const graph = useMemo(() => buildCallGraph(data, analysis), [data, analysis])
  const placed = useMemo(() => placeGraph(graph), [graph])
  return (
    <div className="min-h-0 flex-1 overflow-auto p-4">
      {graph.hidden > 0 && <p className="pb-2 text-muted">{formatExact(graph.hidden)} kinds of spans with the least time are left out.</p>}
      <div className="relative" style={{ width: placed.width, height: placed.height }}>
        <svg width={placed.width} height={placed.height} aria-hidden className="absolute inset-0 text-muted">
          <defs>
            <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
              <path d="M0 0 8 4 0 8z" fill="currentColor" />
            </marker>
          </defs>
          {placed.edges.map((edge) => (
            <g key={`${edge.from}\0${edge.to}`}>
              <polyline points={edge.points} fill="none" stroke="currentColor" strokeOpacity={0.6} markerEnd="url(#arrow)" />
              {edge.count > 1 && (
                <text x={edge.x} y={edge.y - 4} textAnchor="middle" fontSize={10} fill="currentColor">
                  ×{formatExact(edge.count)}
                </text>
              )}
            </g>
          ))}
        </svg>
        <ul aria-label="Kinds of spans, by who calls them">
          {placed.nodes.map(({ node, x, y }) => (
            <li key={node.key} className="absolute" style={{ left: x - NODE_WIDTH / 2, top: y - NODE_HEIGHT / 2 }}>
              <Node
                node={node}
                callers={placed.callers.get(node.key) ?? []}
                onOpen={() => onShowSpan(spanIdOf(data.table.columns, node.firstRow))}
              />
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

function Node({ node, callers, onOpen }: { node: GraphNode; callers: readonly string[]; onOpen: () => void }) {
  const label = node.label.length > LONGEST_LABEL ? `${node.label.slice(0, LONGEST_LABEL)}…` : node.label
  return (
    <button
      type="button"
      title={node.label}
      onClick={onOpen}
      className="flex flex-col justify-center rounded-md border border-l-4 bg-panel px-2 text-left hover:bg-raised"
      style={{ width: NODE_WIDTH, height: NODE_HEIGHT, borderLeftColor: node.errors > 0 ? 'var(--bad)' : kindColor(node.kind) }}
    >
      <span className="truncate font-medium text-xs">{label}</span>
      <span className="tabular truncate text-2xs text-muted">
        {node.kind} · {formatExact(node.count)} × · {formatMs(node.total / 1e6)}
        {node.errors > 0 && <span className="text-bad"> · {formatExact(node.errors)} failed</span>}
      </span>
      {callers.length > 0 && <span className="sr-only">called by {callers.join(', ')}</span>}
    </button>
  )
}
