'use client'
import type { RunFacets } from '@cairn/sdk/protocol'
import { useState } from 'react'
import { formatCount } from '@/lib/format'
import { cn } from '@/ui/cn'
import { chosenValues, FACETS, toggleValue } from './query-model'

interface FacetsPanelProps {
  readonly facets: RunFacets['facets'] | undefined
  readonly query: string
  readonly onQuery: (query: string) => void
  readonly subAgents: boolean
  readonly onSubAgents: (subAgents: boolean) => void
}

const LABELS: Readonly<Record<(typeof FACETS)[number], string>> = {
  status: 'Status',
  agent: 'Agent',
  error: 'Error',
  version: 'Version',
  tag: 'Tag',
  user: 'User',
  session: 'Session',
}
const FEW = 6

/** What the matching runs are made of; a click adds to the query, or takes out of it. */
export function FacetsPanel({ facets, query, onQuery, subAgents, onSubAgents }: FacetsPanelProps) {
  return (
    <div className="space-y-4 px-4 py-3">
      {FACETS.map((name) => (
        <Facet key={name} name={name} values={facets?.[name] ?? []} query={query} onQuery={onQuery} />
      ))}
      <label className="flex min-h-6 items-center gap-2 px-1.5 text-xs">
        <input type="checkbox" checked={subAgents} onChange={(event) => onSubAgents(event.target.checked)} />
        Runs of sub-agents too
      </label>
    </div>
  )
}

interface FacetProps extends Pick<FacetsPanelProps, 'query' | 'onQuery'> {
  readonly name: (typeof FACETS)[number]
  readonly values: readonly { readonly value: string; readonly count: number }[]
}

function Facet({ name, values, query, onQuery }: FacetProps) {
  const [isWhole, setWhole] = useState(false)
  const chosen = chosenValues(query, name)
  const gone = chosen.filter((value) => !values.some((one) => one.value === value)).map((value) => ({ value, count: 0 }))
  const all = [...values, ...gone]
  if (all.length === 0) return null
  const most = Math.max(1, ...all.map(({ count }) => count))
  const shown = isWhole ? all : all.filter(({ value }, i) => i < FEW || chosen.includes(value))
  return (
    <fieldset>
      <legend className="mb-1 text-2xs text-muted">{LABELS[name]}</legend>
      {shown.map(({ value, count }) => (
        <button
          key={value}
          type="button"
          aria-pressed={chosen.includes(value)}
          onClick={() => onQuery(toggleValue(query, name, value))}
          className={cn(
            'relative flex w-full items-center min-h-6 justify-between gap-2 rounded px-1.5 py-0.5 text-left text-xs hover:bg-raised',
            chosen.includes(value) && 'bg-raised font-medium text-accent',
          )}
        >
          <span aria-hidden className="absolute bottom-0 left-0 h-px bg-muted/50" style={{ width: `${(100 * count) / most}%` }} />
          <span className="truncate" title={value}>
            {value}
          </span>
          <span className="tabular shrink-0 text-muted">{formatCount(count)}</span>
        </button>
      ))}
      {all.length > shown.length && (
        <button type="button" onClick={() => setWhole(true)} className="min-h-6 px-1.5 text-2xs text-accent hover:underline">
          {all.length - shown.length} more
        </button>
      )}
    </fieldset>
  )
}
