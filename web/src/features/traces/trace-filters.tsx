'use client'
import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useRange } from '@/features/shell/range-select'
import { useTRPC } from '@/lib/trpc'
import { cn } from '@/ui/cn'
import { formatSeconds, parseSeconds } from './seconds'
import type { useTraceFilter } from './use-trace-filter'

type Filter = ReturnType<typeof useTraceFilter>

const SELECTS = [
  ['service', 'services', 'All services'],
  ['agent', 'agents', 'All agents'],
  ['model', 'models', 'All models'],
  ['environment', 'environments', 'All environments'],
  ['kind', 'kinds', 'All kinds'],
] as const
const CHIPS = ['sessionId', 'userId'] as const
const CHIP_NAMES = { sessionId: 'session', userId: 'user' } as const

const FACETS_MS = 60_000

export function TraceFilters({ filter, setFilter }: Pick<Filter, 'filter' | 'setFilter'>) {
  const trpc = useTRPC()
  const [hours] = useRange(24)
  const facets = useQuery({ ...trpc.traces.facets.queryOptions({ hours }), refetchInterval: FACETS_MS, staleTime: FACETS_MS / 2 })
  return (
    <fieldset className="flex flex-wrap items-center gap-1.5 border-b px-5 py-2">
      <legend className="sr-only">Filters</legend>
      <Pill pressed={filter.runs === 'none'} onPress={() => void setFilter({ runs: filter.runs === 'none' ? 'all' : 'none' })}>
        without a run
      </Pill>
      <Pill pressed={filter.errors === 'true'} onPress={() => void setFilter({ errors: filter.errors === 'true' ? 'any' : 'true' })}>
        with errors
      </Pill>
      <Pill pressed={filter.errors === 'false'} onPress={() => void setFilter({ errors: filter.errors === 'false' ? 'any' : 'false' })}>
        without errors
      </Pill>
      {SELECTS.map(([name, values, all]) => (
        <label key={name}>
          <span className="sr-only">{name}</span>
          <select
            value={filter[name]}
            onChange={(event) => void setFilter({ [name]: event.target.value })}
            className={cn(
              'h-6 max-w-44 rounded-full border bg-bg px-2 text-xs',
              filter[name] === '' ? 'text-muted' : 'border-accent font-medium',
            )}
          >
            <option value="">{all}</option>
            {withChosen(facets.data?.[values] ?? [], filter[name]).map((value) => (
              <option key={value}>{value}</option>
            ))}
          </select>
        </label>
      ))}
      <Seconds label="At least, in seconds" placeholder="≥ s" valueMs={filter.minMs} onChange={(minMs) => void setFilter({ minMs })} />
      <Seconds label="At most, in seconds" placeholder="≤ s" valueMs={filter.maxMs} onChange={(maxMs) => void setFilter({ maxMs })} />
      {CHIPS.filter((name) => filter[name] !== '').map((name) => (
        <button
          key={name}
          type="button"
          onClick={() => void setFilter({ [name]: '' })}
          aria-label={`Remove filter ${CHIP_NAMES[name]} ${filter[name]}`}
          className="flex items-center gap-1 rounded-full border border-accent bg-raised px-2.5 py-0.5 text-xs"
        >
          {CHIP_NAMES[name]}: <bdi>{filter[name]}</bdi> <X size={11} aria-hidden />
        </button>
      ))}
    </fieldset>
  )
}

/** What the address asks for is there to be seen, also when no trace of the range has it. */
const withChosen = (values: readonly string[], chosen: string) => (chosen === '' || values.includes(chosen) ? values : [chosen, ...values])

function Pill({ pressed, onPress, children }: { pressed: boolean; onPress: () => void; children: string }) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onPress}
      className={cn(
        'rounded-full border px-2.5 py-0.5 text-xs hover:bg-raised',
        pressed ? 'border-accent bg-raised font-medium' : 'text-muted',
      )}
    >
      {children}
    </button>
  )
}

interface SecondsProps {
  readonly label: string
  readonly placeholder: string
  readonly valueMs: number | null
  readonly onChange: (ms: number | null) => void
}

function Seconds({ label, placeholder, valueMs, onChange }: SecondsProps) {
  const [text, setText] = useState(formatSeconds(valueMs))
  useEffect(() => setText(formatSeconds(valueMs)), [valueMs])
  const parsed = parseSeconds(text)
  const commit = () => parsed !== undefined && parsed !== valueMs && onChange(parsed)
  return (
    <input
      value={text}
      inputMode="decimal"
      aria-label={label}
      aria-invalid={parsed === undefined}
      title={parsed === undefined ? 'A number of seconds, such as 2.5' : label}
      placeholder={placeholder}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
      className="h-6 w-16 rounded-full border bg-bg px-2 text-xs aria-invalid:border-bad"
    />
  )
}
