'use client'
import type { Run } from '@cairn/sdk/protocol'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { toast } from 'sonner'
import { formatUsd } from '@/lib/format'
import { formatCost } from '@/lib/spending'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { Failure, Loading } from '@/ui/states'
import { toEditable } from './json-input-model'
import { Overtaken } from './overtaken'
import { ReasonField } from './reason-field'
import { isResumable } from './run-model'
import { areOutputsValid, outputsToOverrides, type StepOutputs, StepOutputsField } from './step-outputs'
import { type Decision, isDecided, toOverrides, UnknownEffect } from './unknown-effect'

interface ResumeDialogProps {
  readonly run: Run
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** What comes back, what runs again and what that saves, before anything happens. */
export function ResumeDialog({ run, open, onOpenChange }: ResumeDialogProps) {
  return (
    <Dialog
      title="Resume run"
      description="It goes on in the same trace. Finished steps come back from their checkpoints."
      open={open}
      onOpenChange={onOpenChange}
    >
      <Form run={run} onDone={() => onOpenChange(false)} />
    </Dialog>
  )
}

function Form({ run, onDone }: { run: Run; onDone: () => void }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [decisions, setDecisions] = useState<ReadonlyMap<string, Decision>>(new Map())
  const [outputs, setOutputs] = useState<StepOutputs>(new Map())
  const [version, setVersion] = useState('')
  const preview = useQuery({ ...trpc.runs.resumePreview.queryOptions({ id: run.id }), staleTime: 0 })
  const steps = useQuery(trpc.runs.steps.queryOptions({ id: run.id }))
  const resume = useMutation(
    trpc.runs.resume.mutationOptions({
      onSuccess: () => {
        toast.success(`Execution ${run.execution + 1} is on its way.`)
        onDone()
      },
      onSettled: () => client.invalidateQueries(),
    }),
  )
  const isOvertaken = !isResumable(run) && !resume.isPending && !resume.isSuccess
  const undecided = preview.data?.undecided ?? []
  const ready = undecided.every((step) => isDecided(decisions.get(step.key))) && areOutputsValid(outputs)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!preview.data?.resumable || isOvertaken || !ready || resume.isPending) return
    resume.mutate({
      id: run.id,
      overrides: [...toOverrides(decisions), ...outputsToOverrides(outputs)],
      ...(reason === '' ? {} : { reason }),
      ...(version === '' ? {} : { version }),
    })
  }
  const data = preview.data
  return (
    <>
      {preview.error !== null && <Failure error={preview.error} />}
      {preview.isPending && <Loading what="what a resume would do" />}
      {data !== undefined && (
        <form onSubmit={submit} className="grid grid-cols-1 gap-4">
          {isOvertaken && <Overtaken run={run} what="resume" />}
          {!data.resumable && !isOvertaken && (
            <p role="alert" className="text-bad">
              {data.reason}
            </p>
          )}
          <dl className="grid grid-cols-3 gap-px overflow-hidden rounded-md border bg-line">
            <Fact label="Come back" value={`${data.replays.length} ${data.replays.length === 1 ? 'step' : 'steps'}`} />
            <Fact label="Run again" value={data.reruns.length === 0 ? 'what comes next' : data.reruns.map((step) => step.key).join(', ')} />
            <Fact label="Saves" value={formatUsd(data.saves)} good={data.saves !== '0'} />
          </dl>
          {data.replays.length > 0 && (
            <details>
              <summary className="cursor-pointer text-muted">Steps that come back</summary>
              <ul className="tabular mt-2 max-h-48 overflow-y-auto">
                {data.replays.map((step) => (
                  <li key={step.key} className="flex justify-between border-t py-1">
                    <span>{step.key}</span>
                    <span className="text-muted">{formatCost(step.cost)}</span>
                  </li>
                ))}
              </ul>
            </details>
          )}
          {data.liveWorkers === 0 ? (
            <p role="alert" className="rounded-md border border-warn/50 bg-warn/10 px-3 py-2">
              No live worker serves {run.agent}. The run waits in the queue until one starts.
            </p>
          ) : (
            <p className="text-muted">
              {data.liveWorkers === 1 ? 'One live worker serves' : `${data.liveWorkers} live workers serve`} {run.agent}
              {data.availableVersions.length > 0 && ` at version ${data.availableVersions.join(', ')}`}.
              {data.version !== null && data.availableVersions.length > 0 && !data.availableVersions.includes(data.version) && (
                <strong className="text-warn"> The run began at version {data.version}: it goes on with changed code.</strong>
              )}
            </p>
          )}
          {undecided.map((step) => (
            <UnknownEffect
              key={step.key}
              step={step}
              decision={decisions.get(step.key)}
              onDecide={(decision) => setDecisions(new Map(decisions).set(step.key, decision))}
            />
          ))}
          <StepOutputsField
            keys={data.replays.map((step) => step.key)}
            outputs={outputs}
            onChange={setOutputs}
            outputOf={(key) => toEditable(steps.data?.find((step) => step.key === key)?.output) ?? ''}
          />
          <label className="block font-medium">
            Version of the code
            <select
              value={version}
              onChange={(event) => setVersion(event.target.value)}
              className="mt-1 block h-8 rounded-md border bg-bg px-2 font-normal"
            >
              <option value="">any that a worker serves</option>
              {[...new Set([...(data.version === null ? [] : [data.version]), ...data.availableVersions])].map((known) => (
                <option key={known} value={known}>
                  only {known}
                  {known === data.version && ', as it began'}
                  {!data.availableVersions.includes(known) && ' (no live worker has it)'}
                </option>
              ))}
            </select>
          </label>
          <ReasonField value={reason} onChange={setReason} keptWith="the execution" />
          {resume.error !== null && <Failure error={resume.error} />}
          <div className="flex justify-end gap-2">
            <Button onClick={onDone}>Leave it</Button>
            <Button type="submit" variant="primary" disabled={!data.resumable || isOvertaken || !ready || resume.isPending} autoFocus>
              {resume.isPending ? 'Resuming …' : 'Resume run'}
            </Button>
          </div>
        </form>
      )}
    </>
  )
}

const Fact = ({ label, value, good = false }: { label: string; value: string; good?: boolean }) => (
  <div className="bg-panel p-3">
    <dt className="text-2xs text-muted">{label}</dt>
    <dd className={`tabular mt-0.5 font-semibold [overflow-wrap:anywhere] ${good ? 'text-good' : ''}`}>{value}</dd>
  </div>
)
