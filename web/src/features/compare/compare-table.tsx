'use client'
import type { ComparedRow } from '@cairn/sdk/protocol'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useShortcuts } from '@/features/shell/commands'
import { CompareRow, GRID, ROW_PX, rowDomId } from './compare-row'
import { longestLeafMs, nextDifference } from './rows-model'

interface TableProps {
  readonly rows: readonly ComparedRow[]
  /** Rows that the scale of the bars is of, shown or not. */
  readonly all: readonly ComparedRow[]
  readonly selected: string | null
  readonly onSelect: (rowId: string | null) => void
}

/** The aligned rows. ↑↓ move, Enter opens, n and p go to the next and previous difference wherever the focus is. */
export function CompareTable({ rows, all, selected, onSelect }: TableProps) {
  const [cursor, setCursor] = useState(0)
  const scroll = useRef<HTMLDivElement>(null)
  const list = useVirtualizer({ count: rows.length, getScrollElement: () => scroll.current, estimateSize: () => ROW_PX, overscan: 12 })
  const scaleMs = useMemo(() => longestLeafMs(all), [all])
  const at = Math.min(cursor, Math.max(0, rows.length - 1))
  const selectedIndex = useMemo(() => (selected === null ? -1 : rows.findIndex((row) => row.id === selected)), [rows, selected])
  useEffect(() => {
    if (selectedIndex < 0) return
    setCursor(selectedIndex)
    list.scrollToIndex(selectedIndex, { align: 'auto' })
  }, [selectedIndex, list])

  const moveTo = (index: number, open = selected !== null) => {
    const bounded = Math.max(0, Math.min(rows.length - 1, index))
    const target = rows[bounded]
    if (target === undefined) return
    setCursor(bounded)
    list.scrollToIndex(bounded, { align: 'auto' })
    if (open) onSelect(target.id)
  }
  // The same for all rows and all the time: rows that stay in sight while others come are not drawn again.
  const pick = useCallback(
    (index: number, rowId: string) => {
      setCursor(index)
      onSelect(rowId)
    },
    [onSelect],
  )
  const jump = (by: 1 | -1) => {
    const found = nextDifference(rows, selectedIndex >= 0 || cursor > 0 || by < 0 ? at : -1, by)
    if (found >= 0) moveTo(found, true)
  }
  useShortcuts('Compare', [
    { keys: 'n', what: 'Next difference', run: () => jump(1) },
    { keys: 'p', what: 'Previous difference', run: () => jump(-1) },
    { keys: ['ArrowUp', 'ArrowDown'], what: 'Move' },
    { keys: 'Enter', what: 'Open the row' },
    { keys: 'Escape', what: 'Close the row' },
  ])

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const actions = new Map<string, () => void>([
      ['ArrowDown', () => moveTo(at + 1)],
      ['j', () => moveTo(at + 1)],
      ['ArrowUp', () => moveTo(at - 1)],
      ['k', () => moveTo(at - 1)],
      ['PageDown', () => moveTo(at + 15)],
      ['PageUp', () => moveTo(at - 15)],
      ['Home', () => moveTo(0)],
      ['End', () => moveTo(rows.length - 1)],
      ['Enter', () => moveTo(at, true)],
      ['Escape', () => onSelect(null)],
    ])
    const action = actions.get(event.key)
    if (action === undefined) return
    event.preventDefault()
    action()
  }

  return (
    <div className="@container flex min-h-0 min-w-0 flex-1 flex-col">
      <div
        ref={scroll}
        role="treegrid"
        aria-label="Aligned rows"
        aria-rowcount={rows.length + 1}
        aria-activedescendant={rows.length === 0 ? undefined : rowDomId(at)}
        tabIndex={0}
        onKeyDown={onKeyDown}
        className="relative min-h-[18rem] flex-1 overflow-auto focus-visible:outline-offset-[-2px]"
      >
        {/* biome-ignore lint/a11y/useSemanticElements: rows are placed by the virtual list, which a table element does not allow */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus */}
        <div role="row" aria-rowindex={1} className={`${GRID} sticky top-0 z-10 border-b bg-bg py-1.5 text-2xs text-muted`}>
          <Head>Step or span</Head>
          <Head from="wide">Differs in</Head>
          <Head from="middle">Duration, A and B</Head>
          <Head right>B − A</Head>
          <Head from="wide" right>
            Tokens
          </Head>
          <Head from="wide" right>
            Cost
          </Head>
        </div>
        <div style={{ height: list.getTotalSize() }} className="relative">
          {list.getVirtualItems().map((item) => {
            const row = rows[item.index]
            return row === undefined ? null : (
              <CompareRow
                key={item.index}
                row={row}
                index={item.index}
                top={item.start}
                scaleMs={scaleMs}
                isSelected={row.id === selected}
                isCursor={item.index === at}
                onSelect={pick}
              />
            )
          })}
        </div>
      </div>
      <p className="hidden border-t px-5 py-1 text-2xs text-muted md:block">
        n p next, previous difference · ↑↓ move · Enter open · Esc close
      </p>
    </div>
  )
}

const FROM = { narrow: '', middle: 'hidden @lg:block', wide: 'hidden @3xl:block' } as const

interface HeadProps {
  readonly children: React.ReactNode
  readonly right?: boolean
  /** How much room the table must have for it. */
  readonly from?: keyof typeof FROM
}

const Head = ({ children, right = false, from = 'narrow' }: HeadProps) => (
  // biome-ignore lint/a11y/useSemanticElements: see CompareTable
  // biome-ignore lint/a11y/useFocusableInteractive: a header that sorts nothing
  <div role="columnheader" className={`${right ? 'text-right' : ''} ${FROM[from]}`}>
    {children}
  </div>
)
