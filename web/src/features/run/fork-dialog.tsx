'use client'
import type { ForkRun, Run } from '@cairn/sdk/protocol'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { toast } from 'sonner'
import { formatUsd } from '@/lib/format'
import { formatAtLeast, formatCost } from '@/lib/spending'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { Failure, Loading } from '@/ui/states'
import { EditedValue } from './edited-value'
import { planFork } from './fork-model'
import { parseJson, toEditable } from './json-input-model'
import { areOutputsValid, outputsToOverrides, type StepOutputs, StepOutputsField } from './step-outputs'

interface ForkDialogProps {
  readonly run: Run
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  /** With the address of the new run. */
  readonly onForked: (href: string) => void
}

export function ForkDialog({ run, open, onOpenChange, onForked }: ForkDialogProps) {
  return (
    <Dialog
      title="Fork run"
      description="A new run with a trace of its own. It shares the checkpoints before the step that you choose; this run stays as it is."
      open={open}
      onOpenChange={onOpenChange}
    >
      <Form run={run} onDone={() => onOpenChange(false)} onForked={onForked} />
    </Dialog>
  )
}

function Form({ run, onDone, onForked }: Pick<ForkDialogProps, 'run' | 'onForked'> & { onDone: () => void }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const steps = useQuery(trpc.runs.steps.queryOptions({ id: run.id }))
  const [chosen, setChosen] = useState(run.failedStep)
  const [input, setInput] = useState<string | null>(null)
  const [state, setState] = useState<string | null>(null)
  const [outputs, setOutputs] = useState<StepOutputs>(new Map())
  const list = steps.data ?? []
  const keys = [...new Set([...list.map((step) => step.key), ...(run.failedStep === null ? [] : [run.failedStep])])]
  const fromStep = chosen ?? keys[0] ?? ''
  const plan = planFork(list, fromStep)
  const before = plan.shared.at(-1)?.key
  const stateBefore = useQuery({ ...trpc.views.state.queryOptions({ id: run.id, step: before }), enabled: before !== undefined })
  const sharedKeys = new Set(plan.shared.map((step) => step.key))
  const kept: StepOutputs = new Map([...outputs].filter(([key]) => sharedKeys.has(key)))
  const fork = useMutation(
    trpc.runs.fork.mutationOptions({
      onSuccess: (made) => {
        toast.success('The fork is on its way.')
        onForked(`/runs/${made.id}`)
      },
      onSettled: () => client.invalidateQueries(),
    }),
  )
  if (steps.error !== null) return <Failure error={steps.error} />
  if (steps.isPending) return <Loading what="the steps" />
  if (keys.length === 0) return <p>No step of this run has a checkpoint yet: there is nothing to fork from.</p>
  const isValid = [input, state].every((text) => text === null || parseJson(text) !== null) && areOutputsValid(kept)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isValid || fork.isPending) return
    const read = (text: string) => (parseJson(text)?.value ?? null) as NonNullable<ForkRun['input']>
    fork.mutate({
      id: run.id,
      fromStep,
      ...(input === null ? {} : { input: read(input) }),
      ...(state === null ? {} : { state: read(state) }),
      ...(kept.size === 0 ? {} : { overrides: outputsToOverrides(kept) }),
    })
  }
  return (
    <form onSubmit={submit} className="grid grid-cols-1 gap-4">
      <label className="block font-medium">
        From step
        <select
          value={fromStep}
          onChange={(event) => setChosen(event.target.value)}
          className="mt-1 h-8 w-full rounded-md border bg-bg px-2 font-normal"
        >
          {keys.map((key) => (
            <option key={key} value={key}>
              {key}
              {key === run.failedStep ? ' (it failed here)' : ''}
            </option>
          ))}
        </select>
      </label>
      <p aria-live="polite" className="text-muted">
        Shares {plan.shared.length} {plan.shared.length === 1 ? 'step' : 'steps'}
        {plan.shared.length > 0 && `, worth ${plan.isPartly ? formatAtLeast(plan.saves) : formatUsd(plan.saves)}`}. Runs anew: {fromStep}
        {plan.anew.length > 1 && ` and what comes after it (${plan.anew.length - 1} here)`}.
      </p>
      {plan.shared.length > 0 && (
        <details>
          <summary className="cursor-pointer text-muted">Steps that are shared</summary>
          <ul className="mt-2 max-h-40 overflow-y-auto">
            {plan.shared.map((step) => (
              <li key={step.key} className="flex justify-between gap-3 border-t py-1">
                <span className="[overflow-wrap:anywhere]">{step.key}</span>
                <span className="tabular text-muted">{formatCost(step.cost)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      <EditedValue what="input" value={run.input} text={input} onChange={setInput} />
      <EditedValue
        what="state"
        value={before === undefined ? {} : stateBefore.data?.state}
        isLoading={before !== undefined && stateBefore.isPending}
        text={state}
        onChange={setState}
      />
      <StepOutputsField
        keys={plan.shared.map((step) => step.key)}
        outputs={kept}
        onChange={setOutputs}
        outputOf={(key) => toEditable(list.find((step) => step.key === key)?.output) ?? ''}
      />
      {fork.error !== null && <Failure error={fork.error} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Leave it</Button>
        <Button type="submit" variant="primary" disabled={!isValid || fork.isPending}>
          {fork.isPending ? 'Forking …' : 'Fork run'}
        </Button>
      </div>
    </form>
  )
}
