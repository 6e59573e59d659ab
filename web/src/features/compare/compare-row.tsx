import type { ComparedItem, ComparedRow } from '@cairn/sdk/protocol'
import { memo } from 'react'
import { kindColor } from '@/features/run/kind-color'
import { formatMs } from '@/lib/format'
import { cn } from '@/ui/cn'
import { DifferenceText } from './difference-text'
import { costOf, countsOf, sayCost, sayDuration, sayTokens } from './format-difference'
import { verdictText } from './rows-model'

export const ROW_PX = 46
/** Deeper levels are drawn no further in. */
const MOST_INDENT = 12

export const GRID =
  'grid grid-cols-[minmax(0,1fr)_auto] @lg:grid-cols-[minmax(0,1.3fr)_minmax(8rem,1fr)_8.5rem] @3xl:grid-cols-[minmax(10rem,1.4fr)_minmax(7rem,1fr)_minmax(8rem,1.2fr)_8.5rem_5rem_6rem] items-center gap-x-3 px-5'

const VERDICTS: Readonly<Record<ComparedRow['verdict'], readonly [sign: string, tone: string]>> = {
  shared: ['⌂', 'text-muted'],
  same: ['=', 'text-muted'],
  changed: ['≠', 'text-warn'],
  added: ['+', 'text-good'],
  removed: ['−', 'text-bad'],
}

interface RowProps {
  readonly row: ComparedRow
  readonly index: number
  readonly top: number
  /** Milliseconds that a whole bar stands for. */
  readonly scaleMs: number
  readonly isSelected: boolean
  readonly isCursor: boolean
  readonly onSelect: (index: number, rowId: string) => void
}

export const CompareRow = memo(function CompareRow({ row, index, top, scaleMs, isSelected, isCursor, onSelect }: RowProps) {
  const [sign, tone] = VERDICTS[row.verdict]
  const counts = countsOf(row)
  const failed = row.b?.error ?? row.a?.error
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are placed by the virtual list, which a table element does not allow
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
    <div
      role="row"
      id={rowDomId(index)}
      aria-rowindex={index + 2}
      aria-level={row.depth + 1}
      aria-selected={isSelected}
      onClick={() => onSelect(index, row.id)}
      className={cn(
        GRID,
        'absolute inset-x-0 cursor-pointer border-b hover:bg-raised',
        isSelected && 'bg-raised',
        isCursor && 'outline outline-1 outline-accent -outline-offset-1',
      )}
      style={{ top, height: ROW_PX }}
    >
      <Cell>
        <span className="flex min-w-0 items-center gap-1.5" style={{ paddingLeft: `${Math.min(row.depth, MOST_INDENT) * 0.9}rem` }}>
          <span aria-hidden className={cn('w-3 shrink-0 text-center font-mono font-semibold', tone)}>
            {sign}
          </span>
          <span aria-hidden className="size-2 shrink-0 rounded-sm" style={{ background: kindColor(row.kind) }} />
          <span dir="auto" className={cn('truncate', row.verdict === 'removed' && 'text-muted line-through')}>
            {row.name}
          </span>
          {failed !== undefined && <span className="shrink-0 text-2xs text-bad">error</span>}
        </span>
        <span className={cn('block truncate pl-5 text-2xs @3xl:hidden', tone)}>{verdictText(row)}</span>
      </Cell>
      <Cell className="hidden @3xl:block">
        <span className={cn('block truncate', tone)} title={verdictText(row)}>
          {verdictText(row)}
        </span>
      </Cell>
      <Cell className="hidden @lg:block">
        <Bar name="A" item={row.a} scaleMs={scaleMs} />
        <Bar name="B" item={row.b} scaleMs={scaleMs} />
      </Cell>
      <Cell className="text-right">
        {row.difference !== undefined && <DifferenceText said={sayDuration(row.difference, counts.speed)} />}
        <span className="block text-2xs @3xl:hidden">
          {row.difference !== undefined && <DifferenceText said={sayCost(row.difference, counts.price)} />}
        </span>
      </Cell>
      <Cell className="hidden text-right @3xl:block">
        {row.difference !== undefined && <DifferenceText said={sayTokens(row.difference, counts.tokens)} />}
      </Cell>
      <Cell className="hidden text-right @3xl:block">
        {row.difference !== undefined && (
          <span title={`A ${costOf(row.a)}, B ${costOf(row.b)}`}>
            <DifferenceText said={sayCost(row.difference, counts.price)} />
          </span>
        )}
      </Cell>
    </div>
  )
})

export const rowDomId = (index: number) => `compared-${index}`

const Cell = ({ className, children }: { className?: string; children: React.ReactNode }) => (
  // biome-ignore lint/a11y/useSemanticElements: see CompareRow
  // biome-ignore lint/a11y/useFocusableInteractive: see CompareRow
  <div role="gridcell" className={cn('min-w-0', className)}>
    {children}
  </div>
)

/** A duration on the scale of all rows; one that is longer fills it, and its number says how long. */
function Bar({ name, item, scaleMs }: { name: 'A' | 'B'; item: ComparedItem | undefined; scaleMs: number }) {
  const ms = item?.durationMs
  const width = ms === undefined || scaleMs === 0 ? 0 : Math.min(1, ms / scaleMs)
  return (
    <span className="flex h-4 items-center gap-1.5 text-2xs">
      <span className="w-2.5 shrink-0 text-muted">{name}</span>
      <span className="relative h-2 flex-1 overflow-hidden rounded-sm bg-raised">
        {ms !== undefined && (
          <span
            className={cn('absolute inset-y-0 left-0 min-w-0.5 rounded-sm', name === 'A' ? 'bg-muted/70' : 'bg-accent')}
            style={{ width: `${width * 100}%` }}
          />
        )}
      </span>
      <span className="tabular w-14 shrink-0 text-right text-muted">
        {item === undefined ? '–' : item.givenByHand ? 'by hand' : item.replayed ? 'replayed' : formatMs(ms ?? null)}
      </span>
    </span>
  )
}
