'use client'
import { useMemo, useState } from 'react'
import { type Change, diffJson } from '@/lib/json-diff'
import { cn } from '@/ui/cn'
import { JsonView } from '@/ui/json-view'
import { VisibleText } from '@/ui/visible-text'

const PAGE = 100
const SIGNS = { added: ['+', 'text-good'], removed: ['−', 'text-bad'], changed: ['≠', 'text-warn'] } as const

/** What lies between two values: each change with what was there before and what is now. */
export function JsonDifference({ before, after }: { before: unknown; after: unknown }) {
  const { changes, isCut } = useMemo(() => diffJson(before, after), [before, after])
  const [shown, setShown] = useState(PAGE)
  if (changes.length === 0) return <p className="text-muted">No difference.</p>
  return (
    <div>
      <p className="mb-2 text-muted">
        {isCut ? `More than ${changes.length}` : changes.length} {changes.length === 1 ? 'change' : 'changes'}
      </p>
      <ol className="grid grid-cols-1 gap-2">
        {changes.slice(0, shown).map((change) => (
          <ChangeView key={change.path} change={change} />
        ))}
      </ol>
      {changes.length > shown && (
        <button type="button" className="mt-2 text-accent hover:underline" onClick={() => setShown(shown + PAGE)}>
          {changes.length - shown} more
        </button>
      )}
    </div>
  )
}

function ChangeView({ change }: { change: Change }) {
  const [sign, tone] = SIGNS[change.kind]
  return (
    <li className="min-w-0 rounded-md border bg-panel p-2 font-mono text-xs">
      <p className="mb-1 [overflow-wrap:anywhere]">
        <span className={cn('font-semibold', tone)}>{sign} </span>
        <span className="sr-only">{change.kind} </span>
        <VisibleText text={change.path.slice(0, 2_000)} />
      </p>
      {change.kind !== 'added' && (
        <div className="border-l-2 border-l-bad/60 pl-2">
          <JsonView value={change.before} depth={1} />
        </div>
      )}
      {change.kind !== 'removed' && (
        <div className="mt-1 border-l-2 border-l-good/60 pl-2">
          <JsonView value={change.after} depth={1} />
        </div>
      )}
    </li>
  )
}
