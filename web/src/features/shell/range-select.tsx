'use client'
import { createParser, useQueryState } from 'nuqs'
import { formatExact } from '@/lib/format'

export const RANGES = [
  [1, 'Last hour'],
  [24, 'Last 24 hours'],
  [168, 'Last 7 days'],
  [720, 'Last 30 days'],
  [2160, 'Last 90 days'],
] as const

/** As far back as the server answers. */
const MOST_HOURS = 24 * 366
const parseAsHours = createParser({
  parse: (text) => (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_HOURS ? Number(text) : null),
  serialize: String,
})

/** The ranges that can be chosen, from the shortest. */
export const RANGE_HOURS = RANGES.map(([hours]) => hours)

/** Hours back from now, in the address: Back gives the range before. */
export const useRange = (fallback = 24) => useQueryState('hours', parseAsHours.withDefault(fallback).withOptions({ history: 'push' }))

export function RangeSelect({ fallback = 24 }: { fallback?: number }) {
  const [hours, setHours] = useRange(fallback)
  return (
    <label>
      <span className="sr-only">Range of time</span>
      <select value={hours} onChange={(event) => void setHours(Number(event.target.value))} className="h-8 rounded-md border bg-panel px-2">
        {RANGES.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
        {!RANGES.some(([value]) => value === hours) && <option value={hours}>Last {formatExact(hours)} hours</option>}
      </select>
    </label>
  )
}
