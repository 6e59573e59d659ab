'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { cn } from '@/ui/cn'

export interface TableColumn<Row, Sort extends string> {
  readonly name: string
  /** Width as in grid-template-columns. */
  readonly width: string
  readonly cell: (row: Row) => ReactNode
  readonly right?: boolean
  /** By what a press on the head sorts. */
  readonly sort?: Sort | undefined
}

export interface Sorting<Sort extends string> {
  readonly sort: Sort
  readonly descending: boolean
  readonly onSort: (sort: Sort) => void
}

interface DataTableProps<Row, Sort extends string> {
  readonly label: string
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  readonly columns: readonly TableColumn<Row, Sort>[]
  readonly sorting: Sorting<Sort>
  readonly minWidth: string
  readonly hasMore: boolean
  readonly onMore: () => void
}

const ROW_PX = 38

/** Only the rows in sight are in the page, whatever the length of the list. A row's link covers the row. */
export function DataTable<Row, Sort extends string>(props: DataTableProps<Row, Sort>) {
  const { rows, columns, hasMore, onMore } = props
  const scroll = useRef<HTMLDivElement>(null)
  const list = useVirtualizer({ count: rows.length, getScrollElement: () => scroll.current, estimateSize: () => ROW_PX, overscan: 12 })
  const items = list.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasMore && last >= rows.length - 10) onMore()
  }, [hasMore, last, rows.length, onMore])
  const grid = { gridTemplateColumns: columns.map((column) => column.width).join(' ') }
  return (
    <div ref={scroll} className="min-h-[60vh] flex-1 overflow-auto md:min-h-0">
      {/* biome-ignore lint/a11y/useSemanticElements: rows are placed by the virtual list, which a table element does not allow */}
      <div role="table" aria-label={props.label} aria-rowcount={hasMore ? -1 : rows.length + 1} style={{ minWidth: props.minWidth }}>
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: rows of a read-only table take no focus; what is in them does */}
        <div
          role="row"
          aria-rowindex={1}
          style={grid}
          className="sticky top-0 z-10 grid items-center gap-3 border-b bg-bg px-5 text-2xs text-muted"
        >
          {columns.map((column) => (
            <HeadCell key={column.name} column={column} sorting={props.sorting} />
          ))}
        </div>
        <div style={{ height: list.getTotalSize(), position: 'relative' }}>
          {items.map((item) => {
            const row = rows[item.index]
            if (row === undefined) return null
            return (
              // biome-ignore lint/a11y/useSemanticElements: see above
              // biome-ignore lint/a11y/useFocusableInteractive: see above
              <div
                key={props.keyOf(row)}
                role="row"
                aria-rowindex={item.index + 2}
                className="absolute inset-x-0 grid items-center gap-3 border-b px-5 hover:bg-raised"
                style={{ ...grid, top: item.start, height: ROW_PX }}
              >
                {columns.map((column) => (
                  // biome-ignore lint/a11y/useSemanticElements: see above
                  <div key={column.name} role="cell" className={cn('tabular min-w-0 truncate', column.right && 'text-right')}>
                    {column.cell(row)}
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

interface HeadCellProps<Row, Sort extends string> {
  readonly column: TableColumn<Row, Sort>
  readonly sorting: Sorting<Sort>
}

function HeadCell<Row, Sort extends string>({ column, sorting }: HeadCellProps<Row, Sort>) {
  const { sort } = column
  const isBy = sort !== undefined && sort === sorting.sort
  const Arrow = sorting.descending ? ArrowDown : ArrowUp
  const order = isBy ? (sorting.descending ? 'descending' : 'ascending') : undefined
  return (
    // biome-ignore lint/a11y/useSemanticElements: see DataTable
    // biome-ignore lint/a11y/useFocusableInteractive: the button in it takes the focus
    <div role="columnheader" aria-sort={order} className={cn('min-w-0 truncate', column.right && 'text-right')}>
      {sort === undefined ? (
        <span className="block py-2">{column.name}</span>
      ) : (
        <button
          type="button"
          onClick={() => sorting.onSort(sort)}
          className={cn('inline-flex items-center gap-1 py-2 hover:text-fg', isBy && 'font-medium text-fg')}
        >
          {column.name}
          {isBy && <Arrow size={11} aria-hidden />}
        </button>
      )}
    </div>
  )
}
