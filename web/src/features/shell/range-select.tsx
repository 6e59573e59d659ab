'use client'
import { createParser, useQueryState } from 'nuqs'
import { formatExact } from '@/lib/format'
import { RANGES } from './ranges'

/** As far back as the server answers. */
const MOST_HOURS = 24 * 366
const parseAsHours = createParser({
  parse: (text) => (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_HOURS ? Number(text) : null),
  serialize: String,
})

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
