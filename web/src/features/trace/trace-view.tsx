'use client'
import { SPAN_FLAGS } from '@cairn/sdk/protocol'
import { useMemo } from 'react'
import { useNow } from '@/features/run/use-now'
import { AxisHeader } from './axis-header'
import type { ShownExecution } from './crash-gaps'
import { createTimeAxis, endsOf, placesOf, sinceOrigin, zoomAxis } from './time-axis'
import { TraceRows } from './trace-rows'
import { TraceToolbar } from './trace-toolbar'
import type { TraceAnalysis, TraceData } from './trace-worker'
import { useFind } from './use-find'
import { useFold } from './use-fold'
import { selecting, useTraceAddress } from './use-trace-address'
import { useTraceCursor } from './use-trace-cursor'

interface TraceViewProps {
  readonly traceId: string
  readonly data: TraceData
  readonly analysis: TraceAnalysis | null
  readonly isComplete: boolean
  /** Ids of spans whose steps finished. */
  readonly checkpoints: ReadonlySet<bigint>
  readonly executions: readonly ShownExecution[]
}

/** All executions of a run, or any trace, on one axis: the tree, the minimap, and what finds a way through them. */
export function TraceView({ traceId, data, analysis, isComplete, checkpoints, executions }: TraceViewProps) {
  const addressed = useTraceAddress()
  const [address, setAddress] = addressed
  const { table } = data
  const hasOpen = useMemo(() => table.columns.flags.some((flags) => (flags & SPAN_FLAGS.open) !== 0), [table])
  const nowMs = useNow(hasOpen)
  const originMs = Number(BigInt(table.meta.origin) / 1_000n) / 1e3
  const now = hasOpen ? sinceOrigin(table.meta.origin, nowMs) : 0
  const ends = useMemo(() => endsOf(table.columns, SPAN_FLAGS.open, now), [table, now])
  const whole = useMemo(() => createTimeAxis({ start: table.columns.start, ends, foldsGaps: !address.gaps }), [table, ends, address.gaps])
  const zoom = useMemo(() => placesOf(whole, address.zoom), [address.zoom, whole])
  const axis = useMemo(() => (zoom === null ? whole : zoomAxis(whole, ...zoom)), [whole, zoom])
  const find = useFind(data, traceId, address.find)
  const folding = useFold(data, addressed)
  const cursor = useTraceCursor({
    data,
    folding,
    found: find.found?.positions ?? null,
    selected: address.span,
    onSelect: (span) => void setAddress({ span }, selecting(address.span, span)),
  })
  const setZoom = (places: readonly [number, number] | null) =>
    void setAddress({ zoom: places === null ? null : [whole.timeAt(places[0]) / 1e6, whole.timeAt(places[1]) / 1e6] })
  // What was read of a part of the trace does not fit the whole.
  const fitting = analysis !== null && analysis.self.length === data.index.rows ? analysis : null
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <TraceToolbar
        data={data}
        isComplete={isComplete}
        find={find}
        cursor={cursor}
        folding={folding}
        axis={axis}
        isZoomed={zoom !== null}
        onZoom={setZoom}
      />
      <AxisHeader
        data={data}
        axis={whole}
        shown={axis}
        ends={ends}
        executions={executions}
        originMs={originMs}
        zoom={zoom}
        onZoom={setZoom}
      />
      <TraceRows
        data={data}
        analysis={fitting}
        axis={axis}
        ends={ends}
        found={find.found?.rows ?? null}
        checkpoints={checkpoints}
        executions={executions}
        originMs={originMs}
        folding={folding}
        cursor={cursor}
        showsCritical={address.critical}
        selected={address.span}
        onZoomTo={(from, to) => setZoom([whole.at(from), whole.at(to)])}
        onZoomOut={() => setZoom(null)}
        onToggleCritical={() => void setAddress({ critical: !address.critical })}
      />
    </div>
  )
}
