import { TriangleAlert } from 'lucide-react'
import type { CSSProperties } from 'react'
import { formatMs, formatUsd } from '@/lib/format'
import { cn } from '@/ui/cn'
import { kindColor } from './kind-color'
import type { TimeScale } from './time-scale'
import type { Row } from './waterfall-model'

const NAME_MIN_PX = 176
const NAME_SHARE = 0.32
const NAME_MAX_PX = 416
/** Width of the names before the axis. */
export const NAME_WIDTH = `clamp(${NAME_MIN_PX}px, ${NAME_SHARE * 100}%, ${NAME_MAX_PX}px)`
/** Width of the axis in a waterfall of this width. */
export const axisWidth = (px: number) => px - Math.min(NAME_MAX_PX, Math.max(NAME_MIN_PX, px * NAME_SHARE))
export const ROW_PX = 26

interface WaterfallRowProps {
  readonly row: Row
  readonly scale: TimeScale
  readonly top: number
  /** Width of the axis in CSS pixels. */
  readonly axisPx: number
  readonly isCursor: boolean
  readonly isSelected: boolean
  readonly onSelect: () => void
  readonly onFold: () => void
}

export function WaterfallRow({ row, scale, top, axisPx, isCursor, isSelected, onSelect, onFold }: WaterfallRowProps) {
  const { span } = row
  const x0 = scale.at(row.fromMs)
  const x1 = scale.at(row.toMs)
  const failed = span.status === 'error' || span.interrupted
  const goesOn = span.endTime === null
  const state = span.interrupted ? ', interrupted' : span.status === 'error' ? ', failed' : goesOn ? ', running' : ''
  const duration = formatMs(row.toMs - row.fromMs)
  const cost = span.billable && (span.tokens > 0 || !span.cost.priced) ? ` · ${formatUsd(span.cost.total)}` : ''
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the tree that holds the rows
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus and names the active row
    <div
      id={`row-${span.spanId}`}
      data-testid="waterfall-row"
      role="treeitem"
      aria-level={row.depth + 1}
      aria-selected={isSelected}
      aria-expanded={row.hasChildren ? !row.isCollapsed : undefined}
      aria-label={`${row.label}, ${span.kind}, ${duration}${state}${row.isCheckpoint ? ', checkpoint' : ''}`}
      onClick={onSelect}
      className={cn(
        'absolute inset-x-0 flex cursor-pointer items-center hover:bg-raised',
        isSelected && 'bg-accent/10',
        isCursor && 'shadow-[inset_2px_0_0_var(--accent)]',
      )}
      style={{ top, height: ROW_PX }}
    >
      <div
        className="flex h-full shrink-0 items-center gap-1 overflow-hidden pr-2"
        style={{ width: NAME_WIDTH, paddingLeft: 10 + Math.min(row.depth, 24) * 13 }}
      >
        <span
          aria-hidden
          className="w-3.5 shrink-0 text-center text-muted"
          onClick={(event) => {
            if (!row.hasChildren) return
            event.stopPropagation()
            onFold()
          }}
        >
          {row.hasChildren ? (row.isCollapsed ? '▸' : '▾') : ''}
        </span>
        {failed && <TriangleAlert size={12} aria-hidden className="shrink-0 text-bad" />}
        <span className={cn('truncate', row.execution !== null && 'font-medium', failed && 'text-bad')}>{row.label}</span>
        {row.label !== span.name && <span className="truncate text-muted">{span.name}</span>}
        {row.execution !== null && <span className="shrink-0 rounded bg-raised px-1 text-2xs text-muted">execution {row.execution}</span>}
      </div>
      <div className="relative mr-3 h-full flex-1">
        <div
          className={cn(
            'absolute top-[7px] h-3 min-w-[3px] rounded-[3px]',
            span.interrupted && 'hatched border border-bad',
            goesOn && 'opacity-70 motion-safe:animate-pulse',
          )}
          style={{
            left: `${x0 * 100}%`,
            width: `${(x1 - x0) * 100}%`,
            ...(span.interrupted ? {} : { background: failed ? 'var(--bad)' : kindColor(span.kind) }),
          }}
        >
          {row.isCheckpoint && (
            <span className="-right-[3px] absolute top-[3px] size-1.5 rotate-45 bg-good ring-1 ring-bg" title="checkpoint stored" />
          )}
        </div>
        <span
          className="tabular absolute top-[5px] whitespace-nowrap rounded-sm bg-bg/70 px-1 text-2xs text-muted"
          style={placeLabel(x0, x1, axisPx, duration.length + cost.length)}
        >
          {duration}
          {cost}
        </span>
      </div>
    </div>
  )
}

const CHARACTER_PX = 6
const LABEL_PADDING_PX = 20

/** After the bar; before it where there is no room after it; else within the bar's end. */
function placeLabel(x0: number, x1: number, axisPx: number, characters: number): CSSProperties {
  const px = characters * CHARACTER_PX + LABEL_PADDING_PX
  if ((1 - x1) * axisPx >= px) return { left: `calc(${x1 * 100}% + 4px)` }
  if (x0 * axisPx >= px) return { right: `calc(${(1 - x0) * 100}% + 2px)` }
  return { right: `calc(${(1 - x1) * 100}% + 4px)` }
}
