'use client'
import type { Step } from '@cairn/sdk/protocol'
import { useVirtualizer } from '@tanstack/react-virtual'
import { parseAsArrayOf, parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import { cn } from '@/ui/cn'
import { Empty } from '@/ui/states'
import { STEP_GRID, StepLine } from './step-line'
import { STEP_COLUMNS, type StepColumn, showRows, toRows } from './steps-model'

const ORDER = {
  sort: parseAsStringLiteral(STEP_COLUMNS).withDefault('number'),
  down: parseAsBoolean.withDefault(false),
  steps: parseAsString.withDefault(''),
  /** Keys of the steps that are open. */
  open: parseAsArrayOf(parseAsString).withDefault([]),
}
/** Characters. Servers and mail programs cut addresses of a few thousand. */
const MOST_IN_ADDRESS = 1_500

const LABELS: Readonly<Record<StepColumn, string>> = {
  number: 'No.',
  step: 'Step',
  kind: 'Kind',
  status: 'Status',
  attempt: 'Attempts',
  execution: 'Execution',
  duration: 'Duration',
  tokens: 'Tokens',
  cost: 'Cost',
}

interface StepsTableProps {
  readonly steps: readonly Step[]
  /** The number of the run's current or last execution. */
  readonly execution: number
  readonly onShowSpan: (spanId: string) => void
}

/** The checkpoints: what each step gave, in which execution, after how many attempts, for how much. */
export function StepsTable({ steps, execution, onShowSpan }: StepsTableProps) {
  const [{ sort, down, steps: text, open: opened }, setOrder] = useQueryStates(ORDER, { history: 'replace' })
  const [active, setActive] = useState(0)
  // Keys are texts of the agent's, as long as it likes: what has no room in the address is open here only.
  const [others, setOthers] = useState<readonly string[]>([])
  const open = useMemo(() => new Set([...opened, ...others]), [opened, others])
  const rows = useMemo(() => showRows(toRows(steps, execution), text, { sort, down }), [steps, execution, text, sort, down])
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 33,
    overscan: 12,
    getItemKey: (i) => rows[i]?.step.key ?? i,
  })
  if (steps.length === 0) return <Empty title="No step has finished yet">Wrap a part of the agent in run.step() to have it here.</Empty>
  const toggle = (key: string) => {
    const without = (keys: readonly string[]) => keys.filter((other) => other !== key)
    if (others.includes(key)) setOthers(without(others))
    else if (opened.includes(key)) void setOrder({ open: without(opened) })
    else if (encodeURIComponent([...opened, key].join()).length <= MOST_IN_ADDRESS) void setOrder({ open: [...opened, key] })
    else setOthers([...others, key])
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
    const row = rows[active]
    const go = (index: number) => {
      const next = Math.max(0, Math.min(rows.length - 1, index))
      setActive(next)
      virtual.scrollToIndex(next)
    }
    if (event.key === 'ArrowDown' || event.key === 'j') go(active + 1)
    else if (event.key === 'ArrowUp' || event.key === 'k') go(active - 1)
    else if (event.key === 'Home') go(0)
    else if (event.key === 'End') go(rows.length - 1)
    else if (event.key === 'Enter' && row !== undefined) toggle(row.step.key)
    else if (event.key === 's' && row?.step.spanId) onShowSpan(row.step.spanId)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex items-center gap-3 border-b px-5 py-1.5">
        <input
          type="search"
          aria-label="Filter steps"
          placeholder="Filter steps"
          value={text}
          onChange={(event) => void setOrder({ steps: event.target.value || null })}
          className="h-7 w-56 rounded-md border bg-panel px-2 placeholder:text-muted"
        />
        <span className="tabular text-muted">
          {rows.length} of {steps.length}
        </span>
        <span className="ml-auto text-2xs text-muted max-md:hidden">Arrows move, Enter opens, s shows the span</span>
      </div>
      <section
        ref={scroller}
        aria-label="Steps"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the table takes the focus for its rows
        tabIndex={0}
        onKeyDown={onKeyDown}
        className="min-h-0 flex-1 overflow-auto"
      >
        <div className="min-w-[58rem]">
          <div className={cn(STEP_GRID, 'sticky top-0 z-10 border-b bg-bg text-2xs text-muted')}>
            {STEP_COLUMNS.map((column) => (
              <button
                key={column}
                type="button"
                aria-pressed={sort === column}
                onClick={() => void setOrder({ sort: column, down: sort === column ? !down : false })}
                className="py-2 text-left hover:text-fg aria-pressed:font-medium aria-pressed:text-fg"
              >
                {LABELS[column]}
                <span aria-hidden>{sort === column && (down ? ' ↓' : ' ↑')}</span>
                {sort === column && <span className="sr-only">, {down ? 'falling' : 'rising'}</span>}
              </button>
            ))}
            <span />
          </div>
          <ol className="relative" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => {
              const row = rows[item.index]
              return (
                row !== undefined && (
                  <li
                    key={item.key}
                    ref={virtual.measureElement}
                    data-index={item.index}
                    className={cn('absolute inset-x-0 top-0 border-b', item.index === active && 'bg-raised')}
                    style={{ transform: `translateY(${item.start}px)` }}
                  >
                    <StepLine row={row} isOpen={open.has(row.step.key)} onToggle={() => toggle(row.step.key)} onShowSpan={onShowSpan} />
                  </li>
                )
              )
            })}
          </ol>
        </div>
      </section>
    </div>
  )
}
