'use client'
import type { Retention } from '@cairn/sdk/protocol'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import { formatExact, formatTime } from '@/lib/format'
import { useTimeZone } from '@/lib/preferences'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { Failure, Loading } from '@/ui/states'
import { parseDays } from './retention-model'

/** How long runs and traces are kept; before fewer days are set it shows what they would delete, and asks. */
export function RetentionSettings() {
  const trpc = useTRPC()
  const retention = useQuery(trpc.retention.get.queryOptions())
  return (
    <section aria-labelledby="retention">
      <h2 id="retention" className="mb-2 font-medium">
        Retention
      </h2>
      {retention.error !== null && <Failure error={retention.error} />}
      {retention.isPending && retention.error === null && <Loading what="retention" />}
      {retention.data !== undefined && <RetentionForm now={retention.data} />}
    </section>
  )
}

function RetentionForm({ now }: { now: Retention }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [texts, setTexts] = useState({ succeeded: String(now.succeededDays), other: String(now.otherDays) })
  const [asked, setAsked] = useState<Retention | null>(null)
  useEffect(() => setTexts({ succeeded: String(now.succeededDays), other: String(now.otherDays) }), [now.succeededDays, now.otherDays])
  const set = useMutation(
    trpc.retention.set.mutationOptions({
      onSuccess: () => setAsked(null),
      onSettled: () => client.invalidateQueries({ queryKey: trpc.retention.get.queryKey() }),
    }),
  )
  const succeededDays = parseDays(texts.succeeded)
  const otherDays = parseDays(texts.other)
  const chosen = succeededDays === null || otherDays === null ? null : { succeededDays, otherDays }
  const isChanged = chosen !== null && (chosen.succeededDays !== now.succeededDays || chosen.otherDays !== now.otherDays)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (chosen !== null) setAsked(chosen)
  }
  return (
    <form onSubmit={submit} noValidate>
      <div className="flex flex-wrap items-end gap-4">
        <DaysField label="Runs that succeeded, days" value={texts.succeeded} onChange={(succeeded) => setTexts({ ...texts, succeeded })} />
        <DaysField label="Failed, crashed, cancelled, days" value={texts.other} onChange={(other) => setTexts({ ...texts, other })} />
        <Button type="submit" disabled={!isChanged}>
          Change retention …
        </Button>
      </div>
      {chosen === null && (
        <p role="alert" className="mt-2 text-bad">
          Days are whole numbers from 1 to 3,650.
        </p>
      )}
      <p className="mt-2 text-muted">
        Counted from the end of a run. Runs that wait, are paused or go on are kept. Traces are kept as long as any run, and go a week at
        once; sums by hour stay.
      </p>
      <Dialog
        title="Change retention?"
        description="What is deleted can't be brought back."
        open={asked !== null}
        onOpenChange={(open) => open || setAsked(null)}
      >
        {asked !== null && <WhatGoes asked={asked} />}
        {set.error !== null && <Failure error={set.error} />}
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={() => setAsked(null)}>Keep it as it is</Button>
          <Button variant="danger" disabled={set.isPending} onClick={() => asked !== null && set.mutate(asked)}>
            Change retention
          </Button>
        </div>
      </Dialog>
    </form>
  )
}

function WhatGoes({ asked }: { asked: Retention }) {
  useTimeZone()
  const trpc = useTRPC()
  const preview = useQuery({ ...trpc.retention.preview.queryOptions(asked), staleTime: 0 })
  if (preview.error !== null) return <Failure error={preview.error} />
  if (preview.data === undefined) return <Loading what="what would be deleted" />
  const { runs, traces } = preview.data
  const nothing = runs.succeeded + runs.other + traces.spans === 0
  return (
    <div role="status" className="grid gap-1.5">
      {nothing ? (
        <p className="font-medium text-good">Nothing that is there now would be deleted.</p>
      ) : (
        <>
          <p className="font-medium">Of what is there now this deletes within the hour:</p>
          <ul className="tabular ml-4 list-disc">
            <li>{formatExact(runs.succeeded)} runs that succeeded, with their steps and values</li>
            <li>{formatExact(runs.other)} runs that failed, crashed or were cancelled</li>
            <li>
              {formatExact(traces.traces)} traces, {formatExact(traces.spans)} spans, that began before {formatTime(traces.before)}
            </li>
          </ul>
        </>
      )}
      {runs.oldest !== null && <p className="text-muted">The oldest run ended {formatTime(runs.oldest)}.</p>}
    </div>
  )
}

function DaysField({ label, value, onChange }: { label: string; value: string; onChange: (text: string) => void }) {
  return (
    <label className="block">
      <span className="mb-1 block text-2xs text-muted">{label}</span>
      <input
        value={value}
        inputMode="numeric"
        aria-invalid={parseDays(value) === null}
        onChange={(event) => onChange(event.target.value)}
        className="h-8 w-28 rounded-md border bg-panel px-2.5 aria-invalid:border-bad"
      />
    </label>
  )
}
