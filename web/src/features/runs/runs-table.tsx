'use client'
import type { RunSummary } from '@cairn/sdk/protocol'
import { useVirtualizer } from '@tanstack/react-virtual'
import Link from 'next/link'
import { useEffect, useRef } from 'react'
import { stepText } from '@/features/run/step-text'
import { durationMs, formatAgo, formatCount, formatMs, formatTime, formatUsd } from '@/lib/format'
import { StatusBadge } from '@/ui/status-badge'

const ROW_PX = 38
const GRID =
  'grid grid-cols-[7rem_minmax(9rem,1.3fr)_6.5rem_5rem_6rem_6rem] xl:grid-cols-[7rem_minmax(10rem,1.4fr)_7rem_5.5rem_6rem_6rem_minmax(8rem,1.6fr)_7rem] items-center gap-3 px-5'

interface RunsTableProps {
  readonly runs: readonly RunSummary[]
  readonly hasMore: boolean
  readonly onMore: () => void
}

/** Only the rows in sight are in the page, whatever the length of the list. */
export function RunsTable({ runs, hasMore, onMore }: RunsTableProps) {
  const scroll = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({ count: runs.length, getScrollElement: () => scroll.current, estimateSize: () => ROW_PX, overscan: 12 })
  const items = rows.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasMore && last >= runs.length - 10) onMore()
  }, [hasMore, last, runs.length, onMore])
  return (
    <div ref={scroll} className="min-h-[60vh] flex-1 overflow-auto md:min-h-0">
      {/* biome-ignore lint/a11y/useSemanticElements: rows are placed by the virtual list, which a table element does not allow */}
      <div role="table" aria-label="Runs" aria-rowcount={hasMore ? -1 : runs.length + 1} className="min-w-[46rem]">
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: rows of a read-only table take no focus; the link in them does */}
        <div role="row" aria-rowindex={1} className={`${GRID} sticky top-0 z-10 border-b bg-bg py-2 text-2xs text-muted`}>
          {['Status', 'Agent', 'Steps', 'Duration', 'Tokens', 'Cost'].map((name) => (
            <Cell key={name} header right={name === 'Duration' || name === 'Tokens' || name === 'Cost'}>
              {name}
            </Cell>
          ))}
          <Cell header wide>
            Error
          </Cell>
          <Cell header wide>
            Started
          </Cell>
        </div>
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {items.map((item) => {
            const run = runs[item.index]
            return run === undefined ? null : <Row key={run.id} run={run} index={item.index} top={item.start} />
          })}
        </div>
      </div>
    </div>
  )
}

function Row({ run, index, top }: { run: RunSummary; index: number; top: number }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see RunsTable
    // biome-ignore lint/a11y/useFocusableInteractive: see RunsTable
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`${GRID} absolute inset-x-0 border-b hover:bg-raised`}
      style={{ top, height: ROW_PX }}
    >
      <Cell>
        <StatusBadge status={run.status} />
      </Cell>
      <Cell>
        <Link href={`/runs/${run.id}`} className="font-medium after:absolute after:inset-0">
          {run.agent}
        </Link>
        <span className="ml-1.5 text-muted">{run.version !== null && `v${run.version}`}</span>
        <span className="ml-1.5 font-mono text-2xs text-muted">{run.id.slice(-6)}</span>
      </Cell>
      <Cell>
        <span className="text-muted">{stepText(run)}</span>
      </Cell>
      <Cell right>{formatMs(durationMs(run.startedAt, run.endedAt))}</Cell>
      <Cell right>{formatCount(run.usage.total)}</Cell>
      <Cell right>{formatUsd(run.cost.total)}</Cell>
      <Cell wide>
        <span className="text-muted" title={run.error?.message}>
          {run.error === null ? '' : `${run.error.type}: ${run.error.message}`}
        </span>
      </Cell>
      <Cell wide>
        <time dateTime={run.createdAt} title={formatTime(run.createdAt)} className="text-muted">
          {formatAgo(run.createdAt)}
        </time>
      </Cell>
    </div>
  )
}

interface CellProps {
  readonly children: React.ReactNode
  readonly header?: boolean
  readonly right?: boolean
  readonly wide?: boolean
}

const Cell = ({ children, header = false, right = false, wide = false }: CellProps) => (
  <div role={header ? 'columnheader' : 'cell'} className={`tabular truncate ${right ? 'text-right' : ''} ${wide ? 'hidden xl:block' : ''}`}>
    {children}
  </div>
)
