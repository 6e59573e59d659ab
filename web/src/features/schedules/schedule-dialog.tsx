'use client'
import type { Schedule } from '@cairn/sdk/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { browserTimeZone, timeZones } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { Failure } from '@/ui/states'
import { CronPreview } from './cron-preview'
import { checkForm, fromForm, type ScheduleForm, toForm } from './schedule-model'

interface ScheduleDialogProps {
  /** Null: a new one. */
  readonly schedule: Schedule | null
  /** Names that are in use. */
  readonly taken: readonly string[]
  readonly onClose: () => void
}

const INPUT = 'w-full rounded-md border bg-bg px-2.5 py-1.5'

export function ScheduleDialog({ schedule, taken, onClose }: ScheduleDialogProps) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [form, setForm] = useState(() => toForm(schedule, browserTimeZone()))
  const [isTried, setTried] = useState(false)
  const put = useMutation(
    trpc.schedules.put.mutationOptions({
      onSuccess: onClose,
      onSettled: () => client.invalidateQueries({ queryKey: trpc.schedules.list.queryKey() }),
    }),
  )
  const faults = checkForm(form, schedule === null ? taken : [])
  const set = (change: Partial<ScheduleForm>) => setForm({ ...form, ...change })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (Object.keys(faults).length === 0) put.mutate({ name: form.name.trim(), schedule: fromForm(form, schedule) })
  }
  const fault = (name: keyof ScheduleForm) => (isTried ? faults[name] : undefined)
  return (
    <Dialog title={schedule === null ? 'New schedule' : `Edit ${schedule.name}`} open onOpenChange={(open) => open || onClose()}>
      <form onSubmit={submit} noValidate className="grid gap-3">
        {schedule === null && (
          <Field label="Name" fault={fault('name')}>
            {(props) => <input {...props} value={form.name} onChange={(event) => set({ name: event.target.value })} className={INPUT} />}
          </Field>
        )}
        <div className="grid grid-cols-[1fr_8rem] gap-3">
          <Field label="Agent" fault={fault('agent')}>
            {(props) => <input {...props} value={form.agent} onChange={(event) => set({ agent: event.target.value })} className={INPUT} />}
          </Field>
          <Field label="Version (any, if empty)" fault={undefined}>
            {(props) => (
              <input {...props} value={form.version} onChange={(event) => set({ version: event.target.value })} className={INPUT} />
            )}
          </Field>
        </div>
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label="When: minute hour day month weekday" fault={fault('cron')}>
            {(props) => (
              <input
                {...props}
                value={form.cron}
                onChange={(event) => set({ cron: event.target.value })}
                spellCheck={false}
                className={`${INPUT} font-mono`}
              />
            )}
          </Field>
          <Field label="Time zone" fault={undefined}>
            {(props) => (
              <select {...props} value={form.timezone} onChange={(event) => set({ timezone: event.target.value })} className={INPUT}>
                {[...new Set([form.timezone, ...timeZones()])].map((zone) => (
                  <option key={zone}>{zone}</option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <CronPreview cron={form.cron} timezone={form.timezone} />
        <Field label="Input, as JSON" fault={fault('input')}>
          {(props) => (
            <textarea
              {...props}
              rows={4}
              value={form.input}
              spellCheck={false}
              onChange={(event) => set({ input: event.target.value })}
              className={`${INPUT} font-mono text-xs`}
            />
          )}
        </Field>
        <div className="flex flex-wrap items-end gap-6">
          <Field label="Priority" fault={fault('priority')}>
            {(props) => (
              <input
                {...props}
                inputMode="numeric"
                value={form.priority}
                onChange={(event) => set({ priority: event.target.value })}
                className={`${INPUT} max-w-28`}
              />
            )}
          </Field>
          <label className="flex items-center gap-2 pb-1.5">
            <input type="checkbox" checked={form.catchUp} onChange={(event) => set({ catchUp: event.target.checked })} />
            One run makes up for missed times
          </label>
        </div>
        {put.error !== null && <Failure error={put.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={put.isPending}>
            {schedule === null ? 'Create schedule' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

interface FieldProps {
  readonly label: string
  readonly fault: string | undefined
  readonly children: (props: { id: string; 'aria-invalid': boolean; 'aria-describedby': string | undefined }) => ReactNode
}

function Field({ label, fault, children }: FieldProps) {
  const id = useId()
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-2xs text-muted">
        {label}
      </label>
      {children({ id, 'aria-invalid': fault !== undefined, 'aria-describedby': fault === undefined ? undefined : `${id}-fault` })}
      {fault !== undefined && (
        <p id={`${id}-fault`} className="mt-1 text-bad">
          {fault}
        </p>
      )}
    </div>
  )
}
