'use client'
import { ChevronDown, ChevronUp, Search, X } from 'lucide-react'
import { type KeyboardEvent, useMemo } from 'react'
import { kindColor } from '@/features/run/kind-color'
import { formatExact, formatMs } from '@/lib/format'
import { Button } from '@/ui/button'
import { cn } from '@/ui/cn'
import type { TimeAxis } from './time-axis'
import { LINES_ID } from './trace-rows'
import type { TraceData } from './trace-worker'
import type { useFind } from './use-find'
import type { Folding } from './use-fold'
import { useTraceAddress } from './use-trace-address'
import type { TraceCursor } from './use-trace-cursor'

interface TraceToolbarProps {
  readonly data: TraceData
  readonly isComplete: boolean
  readonly find: ReturnType<typeof useFind>
  readonly cursor: TraceCursor
  readonly folding: Folding
  readonly axis: TimeAxis
  readonly isZoomed: boolean
  readonly onZoom: (zoom: null) => void
}

const LEVELS = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const

/** Find, fold, zoom, and what there is in all. */
export function TraceToolbar({ data, isComplete, find, cursor, folding, axis, isZoomed, onZoom }: TraceToolbarProps) {
  const [address, setAddress] = useTraceAddress()
  const { rows } = data.index
  const deepest = useMemo(() => data.index.depth.reduce((most, depth) => Math.max(most, depth), 0), [data.index])
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1 border-b px-3 py-1.5 text-xs">
      <FindBox find={find} cursor={cursor} value={address.find} onChange={(text) => void setAddress({ find: text })} />
      {cursor.failed.length > 0 && (
        <Button size="small" variant="danger" onClick={() => cursor.nextError()} title="e">
          {formatExact(cursor.failed.length)} failed <ChevronDown size={12} aria-label="next error" />
        </Button>
      )}
      <label>
        <span className="sr-only">Levels shown</span>
        <select
          className="h-7 rounded-md border bg-panel px-1.5"
          value={address.level ?? 'all'}
          onChange={(event) => folding.setLevel(event.target.value === 'all' ? null : Number(event.target.value))}
        >
          <option value="all">All levels</option>
          {LEVELS.slice(0, deepest).map((level) => (
            <option key={level} value={level}>
              {level === 0 ? 'Roots only' : `${level + 1} levels`}
            </option>
          ))}
        </select>
      </label>
      <Toggle pressed={address.critical} onChange={(critical) => void setAddress({ critical })}>
        Critical path
      </Toggle>
      <Toggle pressed={!address.gaps} onChange={(folds) => void setAddress({ gaps: !folds })}>
        Fold idle time
      </Toggle>
      {isZoomed && (
        <Button size="small" onClick={() => onZoom(null)} title="0">
          <X size={12} aria-hidden /> {formatMs((axis.to - axis.from) / 1e6)} shown, show all
        </Button>
      )}
      <Legend />
      <p role="status" className="tabular text-2xs text-muted">
        {formatExact(rows)}
        {!isComplete && ` of ${formatExact(data.table.meta.rows)}`} {rows === 1 ? 'span' : 'spans'}
        {data.table.meta.truncated && ', the first of more'} · {formatMs((axis.to - axis.from) / 1e6)}
      </p>
    </div>
  )
}

interface FindBoxProps {
  readonly find: ReturnType<typeof useFind>
  readonly cursor: TraceCursor
  readonly value: string
  readonly onChange: (text: string) => void
}

function FindBox({ find, cursor, value, onChange }: FindBoxProps) {
  const count = find.found?.positions.length ?? 0
  const before = find.found?.positions.findLastIndex((position) => position <= cursor.position) ?? -1
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') cursor.nextFound(event.shiftKey)
    else if (event.key === 'Escape' && value !== '') onChange('')
    // On to what was found.
    else if (event.key === 'ArrowDown' || event.key === 'Escape') document.getElementById(LINES_ID)?.focus()
    else return
    event.preventDefault()
  }
  return (
    <search className="flex items-center gap-1">
      <span className="relative">
        <Search size={12} aria-hidden className="absolute top-2 left-2 text-muted" />
        <input
          id="find-in-trace"
          data-search
          type="search"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={onKeyDown}
          placeholder="Find in trace"
          aria-label="Find in trace: names, attributes, inputs, outputs"
          className="h-7 w-44 rounded-md border bg-panel pr-1 pl-7"
        />
      </span>
      {value !== '' && (
        <>
          <span role="status" className="tabular min-w-14 text-2xs text-muted">
            {count === 0 ? (find.isSearching ? 'looking …' : 'none') : `${before < 0 ? '–' : before + 1} of ${formatExact(count)}`}
            {find.truncated && '+'}
            {count > 0 && find.isSearching && ' …'}
          </span>
          <Button variant="ghost" size="small" aria-label="Previous match" disabled={count === 0} onClick={() => cursor.nextFound(true)}>
            <ChevronUp size={12} aria-hidden />
          </Button>
          <Button variant="ghost" size="small" aria-label="Next match" disabled={count === 0} onClick={() => cursor.nextFound()}>
            <ChevronDown size={12} aria-hidden />
          </Button>
        </>
      )}
      {find.error !== null && <span className="text-2xs text-bad">{find.error.message}</span>}
    </search>
  )
}

interface ToggleProps {
  readonly pressed: boolean
  readonly onChange: (pressed: boolean) => void
  readonly children: string
}

const Toggle = ({ pressed, onChange, children }: ToggleProps) => (
  <button
    type="button"
    aria-pressed={pressed}
    onClick={() => onChange(!pressed)}
    className={cn('h-7 rounded-md border px-2 hover:bg-raised', pressed ? 'border-accent bg-raised' : 'text-muted')}
  >
    {children}
  </button>
)

function Legend() {
  return (
    <ul className="ml-auto hidden flex-wrap gap-x-3 gap-y-1 text-2xs text-muted xl:flex">
      {['agent', 'model', 'tool', 'step'].map((kind) => (
        <li key={kind} className="flex items-center gap-1.5">
          <span aria-hidden className="size-2.5 rounded-sm" style={{ background: kindColor(kind) }} />
          {kind}
        </li>
      ))}
      <li className="flex items-center gap-1.5">
        <span aria-hidden className="hatched h-2.5 w-4 rounded-sm" />
        interrupted
      </li>
      <li className="flex items-center gap-1.5">
        <span aria-hidden className="size-1.5 rotate-45 bg-good" />
        checkpoint
      </li>
    </ul>
  )
}
