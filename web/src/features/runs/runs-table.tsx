'use client'
import type { RunSummary } from '@cairn/sdk/protocol'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type RefObject, useEffect } from 'react'
import { cn } from '@/ui/cn'
import { COLUMNS, type ColumnName } from './columns'

const ROW_PX = 36

interface Sorting {
  readonly sort: 'started' | 'duration' | 'cost' | 'tokens'
  readonly order: 'asc' | 'desc'
}

interface RunsTableProps extends Sorting {
  readonly scrollRef: RefObject<HTMLDivElement | null>
  readonly runs: readonly RunSummary[]
  readonly columns: readonly ColumnName[]
  readonly selected: ReadonlySet<string>
  /** Where the reader is. */
  readonly current: string
  readonly hasMore: boolean
  readonly onMore: () => void
  readonly onSort: (sorting: Sorting) => void
  readonly onSelect: (id: string, withShift: boolean) => void
  readonly onSelectAll: () => void
  readonly onTop: (isAtTop: boolean) => void
  readonly onVisible: (ids: readonly string[]) => void
}

/** Only the rows in sight are in the page, whatever the length of the list. */
export function RunsTable(props: RunsTableProps) {
  const { runs, columns, hasMore, onMore, scrollRef, current, onVisible } = props
  const rows = useVirtualizer({ count: runs.length, getScrollElement: () => scrollRef.current, estimateSize: () => ROW_PX, overscan: 12 })
  const items = rows.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasMore && last >= runs.length - 10) onMore()
  }, [hasMore, last, runs.length, onMore])
  const visible = items.map((item) => runs[item.index]?.id ?? '').join(',')
  useEffect(() => onVisible(visible === '' ? [] : visible.split(',')), [visible, onVisible])
  const at = runs.findIndex((run) => run.id === current)
  useEffect(() => {
    if (at >= 0) rows.scrollToIndex(at)
  }, [at, rows])
  const template = `1.5rem ${columns.map((name) => COLUMNS[name].width).join(' ')}`
  return (
    <div
      ref={scrollRef}
      onScroll={(event) => props.onTop(event.currentTarget.scrollTop < ROW_PX)}
      className="min-h-[60vh] flex-1 overflow-auto md:min-h-0"
    >
      {/* biome-ignore lint/a11y/useSemanticElements: rows are placed by the virtual list, which a table element does not allow */}
      <div
        role="table"
        aria-label="Runs"
        aria-rowcount={hasMore ? -1 : runs.length + 1}
        style={{ minWidth: `${columns.length * 6.5 + 8}rem` }}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: what is in it takes the focus */}
        <div
          role="row"
          aria-rowindex={1}
          className="sticky top-0 z-10 grid items-center gap-3 border-b bg-bg px-4 py-1.5 text-2xs text-muted"
          style={{ gridTemplateColumns: template }}
        >
          {/* biome-ignore lint/a11y/useSemanticElements: see above */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
          <div role="columnheader">
            <input
              type="checkbox"
              aria-label="Select all rows"
              checked={props.selected.size > 0 && runs.every((run) => props.selected.has(run.id))}
              onChange={props.onSelectAll}
              className="accent-accent"
            />
          </div>
          {columns.map((name) => (
            <Header key={name} name={name} sort={props.sort} order={props.order} onSort={props.onSort} />
          ))}
        </div>
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {items.map((item) => {
            const run = runs[item.index]
            if (run === undefined) return null
            const isSelected = props.selected.has(run.id)
            return (
              // biome-ignore lint/a11y/useSemanticElements: see RunsTable
              // biome-ignore lint/a11y/useFocusableInteractive: what is in it takes the focus
              <div
                key={run.id}
                role="row"
                aria-rowindex={item.index + 2}
                aria-current={run.id === current ? 'true' : undefined}
                className={cn(
                  'absolute inset-x-0 grid items-center gap-3 border-b px-4 hover:bg-raised',
                  isSelected && 'bg-raised',
                  run.id === current && 'shadow-[inset_2px_0_0_var(--accent)]',
                )}
                style={{ top: item.start, height: ROW_PX, gridTemplateColumns: template }}
              >
                {/* biome-ignore lint/a11y/useSemanticElements: see RunsTable */}
                <div role="cell" className="relative z-10">
                  <input
                    type="checkbox"
                    aria-label={`Select ${run.agent} ${run.id.slice(-6)}`}
                    checked={isSelected}
                    onClick={(event) => props.onSelect(run.id, event.shiftKey)}
                    onChange={() => {}}
                    className="accent-accent"
                  />
                </div>
                {columns.map((name) => (
                  // biome-ignore lint/a11y/useSemanticElements: see RunsTable
                  <div
                    key={name}
                    role="cell"
                    className={cn(
                      'tabular truncate',
                      COLUMNS[name].right && 'text-right',
                      name === 'agent' && '[&>a]:after:absolute [&>a]:after:inset-0',
                    )}
                  >
                    {COLUMNS[name].cell(run)}
                  </div>
                ))}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

const ARIA = { asc: 'ascending', desc: 'descending' } as const

function Header({ name, sort, order, onSort }: Sorting & { name: ColumnName; onSort: (sorting: Sorting) => void }) {
  const column = COLUMNS[name]
  const by = column.sort
  const isSorted = by !== undefined && by === sort
  const Arrow = order === 'asc' ? ArrowUp : ArrowDown
  return (
    // biome-ignore lint/a11y/useSemanticElements: see RunsTable
    // biome-ignore lint/a11y/useFocusableInteractive: the button in it takes the focus
    <div role="columnheader" aria-sort={isSorted ? ARIA[order] : undefined} className={cn('truncate', column.right && 'text-right')}>
      {by === undefined ? (
        column.label
      ) : (
        <button
          type="button"
          onClick={() => onSort({ sort: by, order: isSorted && order === 'desc' ? 'asc' : 'desc' })}
          className={cn('inline-flex items-center gap-0.5 hover:text-fg', isSorted && 'font-medium text-fg')}
        >
          {column.label}
          {isSorted && <Arrow size={11} aria-hidden />}
        </button>
      )}
    </div>
  )
}
