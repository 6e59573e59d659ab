'use client'
import type { Comparison } from '@cairn/sdk/protocol'
import { formatExact } from '@/lib/format'
import { cn } from '@/ui/cn'
import type { useCompareState } from './use-compare'

interface ToolbarProps {
  readonly comparison: Comparison
  readonly state: ReturnType<typeof useCompareState>['state']
  readonly setState: ReturnType<typeof useCompareState>['setState']
  /** A trace without a run has no steps. */
  readonly hasSteps: boolean
  readonly onSelect: (rowId: string) => void
}

const COUNTS = [
  ['changed', 'changed'],
  ['added', 'only in B'],
  ['removed', 'only in A'],
  ['slower', 'slower'],
  ['faster', 'faster'],
  ['dearer', 'dearer'],
  ['cheaper', 'cheaper'],
  ['shared', 'shared'],
  ['same', 'same'],
] as const

/** How the sides are aligned, how much differs, and what to look at first. */
export function CompareToolbar({ comparison, state, setState, hasSteps, onSelect }: ToolbarProps) {
  const { totals, highlights, rowsLeftOut } = comparison
  return (
    <div className="border-b px-5 py-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
        {hasSteps && (
          <fieldset className="flex rounded-md border">
            <legend className="sr-only">Aligned by</legend>
            {(['step', 'span'] as const).map((by) => (
              <button
                key={by}
                type="button"
                aria-pressed={state.by === by}
                onClick={() => void setState({ by, row: null })}
                className={cn('px-2.5 py-0.5 text-xs', state.by === by ? 'bg-raised font-medium' : 'text-muted')}
              >
                By {by}
              </button>
            ))}
          </fieldset>
        )}
        <label className="flex cursor-pointer items-center gap-1.5">
          <input
            type="checkbox"
            checked={state.only === 'changed'}
            onChange={(event) => void setState({ only: event.target.checked ? 'changed' : null })}
          />
          Only what differs
        </label>
        <ul className="tabular flex flex-wrap gap-x-3 text-muted" aria-label="Rows">
          {COUNTS.filter(([name]) => totals[name] > 0).map(([name, label]) => (
            <li key={name}>
              <span className="font-medium text-fg">{formatExact(totals[name])}</span> {label}
            </li>
          ))}
          {rowsLeftOut > 0 && <li>{formatExact(rowsLeftOut)} more are not shown</li>}
        </ul>
      </div>
      {highlights.length > 0 && (
        <ol aria-label="What matters" className="mt-1.5 flex flex-wrap gap-1.5">
          {highlights.map(({ kind, rowId, text }) => (
            <li key={`${kind} ${rowId}`} className="min-w-0">
              <button
                type="button"
                onClick={() => onSelect(rowId)}
                className={cn(
                  'max-w-full truncate rounded-full border px-2.5 py-0.5 text-xs hover:bg-raised',
                  kind === 'new_error' && 'border-bad/50 text-bad',
                )}
              >
                {text}
              </button>
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}
