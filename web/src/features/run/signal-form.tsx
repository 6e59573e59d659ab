'use client'
import { encodeValue, type Run, type Step } from '@cairn/sdk/protocol'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { toast } from 'sonner'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Failure } from '@/ui/states'
import { Time } from '@/ui/time'
import { JsonInput } from './json-input'
import { parseJson } from './json-input-model'

const PREFIX = 'signal/'
const ENDED = new Set(['succeeded', 'failed', 'crashed', 'cancelled'])

/** Names of the signals that a run waits for, each with the step that waits. */
const waitingFor = (steps: readonly Step[]) =>
  steps
    .filter((step) => step.kind === 'signal' && step.status === 'started')
    .map((step) => ({ step, name: step.name.startsWith(PREFIX) ? step.name.slice(PREFIX.length) : step.name }))

/** What the run waits for a person to say, and where to say it. */
export function SignalForms({ run }: { run: Run }) {
  const trpc = useTRPC()
  const steps = useQuery({ ...trpc.runs.steps.queryOptions({ id: run.id }), enabled: !ENDED.has(run.status) })
  if (ENDED.has(run.status)) return null
  return waitingFor(steps.data ?? []).map(({ step, name }) => (
    <SignalForm key={step.key} runId={run.id} name={name} since={step.startedAt} />
  ))
}

function SignalForm({ runId, name, since }: { runId: string; name: string; since: string }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [text, setText] = useState('true')
  const send = useMutation(
    trpc.runs.signal.mutationOptions({
      onSuccess: () => toast.success(`Sent ${name}.`),
      onSettled: () => client.invalidateQueries(),
    }),
  )
  const parsed = parseJson(text)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (parsed !== null && !send.isPending) send.mutate({ id: runId, name, payload: encodeValue(parsed.value) })
  }
  return (
    <form onSubmit={submit} aria-label={`Signal ${name}`} className="mt-2 rounded-md border border-info/40 bg-info/5 px-3 py-2">
      <p>
        Waits for the signal <strong className="[overflow-wrap:anywhere]">{name}</strong>{' '}
        <span className="text-muted">
          since <Time value={since} />
        </span>
      </p>
      <div className="flex flex-wrap items-end gap-2">
        <div className="min-w-0 max-w-xl flex-1">
          <JsonInput label="Payload, as JSON; nothing means null" value={text} onChange={setText} rows={1} />
        </div>
        <Button type="submit" variant="primary" disabled={parsed === null || send.isPending}>
          Send {name}
        </Button>
      </div>
      {send.error !== null && <Failure error={send.error} />}
    </form>
  )
}
