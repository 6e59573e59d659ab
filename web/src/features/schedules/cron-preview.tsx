'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTRPC } from '@/lib/trpc'
import { inZone } from './schedule-model'

const REST_MS = 300
const SHOWN = 5

/** The next times, by the same code that starts the runs. */
export function CronPreview({ cron, timezone }: { cron: string; timezone: string }) {
  const trpc = useTRPC()
  const [asked, setAsked] = useState(cron)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(cron.trim()), REST_MS)
    return () => clearTimeout(timer)
  }, [cron])
  const times = useQuery({
    ...trpc.schedules.times.queryOptions({ cron: asked, timezone, count: SHOWN }),
    enabled: asked !== '',
    placeholderData: keepPreviousData,
    retry: false,
  })
  return (
    <div role="status" className="min-h-28 rounded-md border bg-bg px-3 py-2">
      {times.error !== null ? (
        <p className="text-bad">{times.error.message.replace(/^(query|body)\.\w+: /, '')}</p>
      ) : times.data === undefined ? (
        <p className="text-muted">The next times show here.</p>
      ) : times.data.times.length === 0 ? (
        <p className="text-warn">No time to come.</p>
      ) : (
        <>
          <p className="text-2xs text-muted">Next times in {timezone}</p>
          <ol className="tabular">
            {times.data.times.map((time) => (
              <li key={time}>{inZone(time, times.data.timezone)}</li>
            ))}
          </ol>
        </>
      )}
    </div>
  )
}
