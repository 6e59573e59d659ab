'use client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { formatAgo, formatCount, formatTime, formatUsd } from '@/lib/format'
import { useTimeZone } from '@/lib/preferences'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Failure } from '@/ui/states'
import { Repricings } from './repricings'

const PARTS = [
  { name: 'input', label: 'Input' },
  { name: 'output', label: 'Output' },
  { name: 'cacheRead', label: 'Cache read' },
  { name: 'cacheWrite', label: 'Cache write' },
] as const
type PartName = (typeof PARTS)[number]['name']

const LABELS: Readonly<Record<string, string>> = {
  input: 'input',
  output: 'output',
  cacheRead: 'cache read',
  cacheWrite: 'cache write',
  cacheWrite1h: 'cache write 1 h',
  reasoning: 'reasoning',
  audioInput: 'audio in',
  audioOutput: 'audio out',
  images: 'images',
  requests: 'requests',
}

/** The beginning of time: a price that always held. */
const ALWAYS = '1970-01-01T00:00:00.000Z'

/** Models without a price, the project's own prices, and pricing again what was recorded before. */
export function Prices() {
  useTimeZone()
  const trpc = useTRPC()
  const client = useQueryClient()
  const unpriced = useQuery(trpc.prices.unpriced.queryOptions())
  const prices = useQuery(trpc.prices.list.queryOptions())
  const [model, setModel] = useState('')
  const [parts, setParts] = useState<Partial<Record<PartName, string>>>({})
  const refresh = { onSettled: () => client.invalidateQueries() }
  const set = useMutation(
    trpc.prices.set.mutationOptions({
      ...refresh,
      onSuccess: () => {
        setModel('')
        setParts({})
      },
    }),
  )
  const remove = useMutation(trpc.prices.remove.mutationOptions(refresh))
  const form = useRef<HTMLFormElement>(null)
  const begin = (name: string) => {
    setModel(name)
    form.current?.querySelectorAll('input')[1]?.focus()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const given = Object.fromEntries(Object.entries(parts).filter(([, usd]) => usd.trim() !== ''))
    set.mutate({ model, prices: given })
  }
  return (
    <section aria-labelledby="prices">
      <h2 id="prices" className="mb-1 font-medium">
        Prices
      </h2>
      <p className="mb-3 text-muted">
        Calls are priced by the public list when they arrive. A price of your own goes before it, from the next call on; price again what
        was recorded before.
      </p>
      {unpriced.error !== null && <Failure error={unpriced.error} />}
      {unpriced.data !== undefined && unpriced.data.length > 0 && (
        <div className="mb-4 rounded-lg border border-warn/40 bg-panel">
          <h3 className="border-b px-3 py-2 font-medium">No price in the last 30 days</h3>
          <ul>
            {unpriced.data.map((row) => (
              <li
                key={`${row.provider} ${row.model}`}
                className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b px-3 py-2 last:border-b-0"
              >
                <code className="min-w-0 font-mono [overflow-wrap:anywhere]">{row.model === '' ? 'model not named' : row.model}</code>
                <span className="text-muted">{row.provider}</span>
                <span className="tabular text-muted">
                  {formatCount(row.calls)} calls, last {formatHourAgo(row.lastSeen)}
                </span>
                {row.model !== '' && (
                  <Button size="small" className="ml-auto" aria-label={`Set price of ${row.model}`} onClick={() => begin(row.model)}>
                    Set price
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
      <form ref={form} onSubmit={submit} className="flex flex-wrap items-end gap-2" aria-label="Set a price">
        <Field label="Model" value={model} onChange={setModel} required wide />
        {PARTS.map(({ name, label }) => (
          <Field
            key={name}
            label={label}
            value={parts[name] ?? ''}
            onChange={(usd) => setParts((before) => ({ ...before, [name]: usd }))}
            placeholder="$ / M tokens"
          />
        ))}
        <Button type="submit" disabled={set.isPending}>
          Set price
        </Button>
      </form>
      {set.error !== null && <Failure error={set.error} />}
      {prices.error !== null && <Failure error={prices.error} />}
      <ul className="mt-3">
        {prices.data?.map((price) => (
          <li key={price.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t py-2">
            <code className="min-w-0 font-mono [overflow-wrap:anywhere]">{price.model}</code>
            {price.provider !== '' && <span className="text-muted">{price.provider}</span>}
            <span className="tabular">
              {Object.entries(price.prices)
                .map(([part, usd]) => `${LABELS[part] ?? part} ${formatUsd(usd)}`)
                .join(', ')}{' '}
              <span className="text-muted">a million tokens</span>
            </span>
            <span className="text-muted">{price.validFrom === ALWAYS ? 'always' : `from ${formatTime(price.validFrom)}`}</span>
            <Button
              size="small"
              variant="ghost"
              className="ml-auto"
              aria-label={`Delete the price of ${price.model}`}
              disabled={remove.isPending}
              onClick={() => remove.mutate({ id: price.id })}
            >
              Delete
            </Button>
          </li>
        ))}
      </ul>
      {remove.error !== null && <Failure error={remove.error} />}
      {remove.isSuccess && (
        <p role="status" className="mt-2 text-muted">
          Deleted. Calls keep what they cost until you price them again.
        </p>
      )}
      <Repricings />
    </section>
  )
}

const HOUR_MS = 3_600_000

/** Of a time that is known to the hour. */
function formatHourAgo(hour: string): string {
  const endMs = Date.parse(hour) + HOUR_MS
  return endMs > Date.now() ? 'within this hour' : formatAgo(new Date(endMs).toISOString())
}

interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly placeholder?: string
  readonly required?: boolean
  readonly wide?: boolean
}

const Field = ({ label, value, onChange, placeholder = '', required = false, wide = false }: FieldProps) => (
  <label className="grid gap-1 text-2xs text-muted">
    {label}
    <input
      value={value}
      onChange={(event) => onChange(event.target.value)}
      required={required}
      placeholder={placeholder}
      inputMode={wide ? 'text' : 'decimal'}
      maxLength={200}
      className={`h-8 rounded-md border bg-panel px-2.5 text-[13px] text-fg ${wide ? 'w-56' : 'w-28'}`}
    />
  </label>
)
