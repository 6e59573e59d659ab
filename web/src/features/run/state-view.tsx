'use client'
import type { Step } from '@cairn/sdk/protocol'
import { useQuery } from '@tanstack/react-query'
import { parseAsString, useQueryStates } from 'nuqs'
import { useId } from 'react'
import { useShortcuts } from '@/features/shell/commands'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { CopyButton } from '@/ui/copy-button'
import { toJsonText } from '@/ui/json-text'
import { Failure, Loading } from '@/ui/states'
import { TreeView } from './content-view'
import { JsonDifference } from './state-diff'

const PLACE = { step: parseAsString, against: parseAsString }
/** `against`: the state before any step. */
const START = '(start)'
const SELECT = 'h-8 max-w-64 rounded-md border bg-panel px-2'

/** The state of the run after any finished step, or what lies between two of them. */
export function StateView({ runId, steps }: { runId: string; steps: readonly Step[] }) {
  const [{ step, against }, setPlace] = useQueryStates(PLACE, { history: 'replace' })
  const id = useId()
  const keys = steps.filter(({ status }) => status === 'succeeded').map(({ key }) => key)
  const at = step === null ? keys.length : keys.indexOf(step)
  const go = (by: number) => {
    const next = Math.max(0, Math.min(keys.length, at + by))
    void setPlace({ step: keys[next] ?? null, ...(against === null ? {} : { against: keys[next - 1] ?? START }) })
  }
  const showDifference = () => {
    // Before the steps have come nobody knows which one was before.
    if (keys.length > 0) void setPlace({ against: against === null ? (keys[at - 1] ?? START) : null })
  }
  useShortcuts('State', [
    { keys: ['j', ']'], what: 'The state after the next step', run: () => go(1) },
    { keys: ['k', '['], what: 'The state after the step before', run: () => go(-1) },
    { keys: 'd', what: 'The difference to the step before', run: showDifference },
  ])
  return (
    <section aria-label="State" className="p-5">
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <label htmlFor={`${id}-step`} className="grid gap-1 text-muted text-xs">
          State after
          <select
            id={`${id}-step`}
            className={SELECT}
            value={step ?? ''}
            onChange={(event) => void setPlace({ step: event.target.value || null })}
          >
            <option value="">the newest change</option>
            {keys.map((key, i) => (
              <option key={key} value={key}>
                {i + 1}. {key}
              </option>
            ))}
          </select>
        </label>
        <Button size="small" disabled={at <= 0} onClick={() => go(-1)} title="k">
          Previous step
        </Button>
        <Button size="small" disabled={at >= keys.length} onClick={() => go(1)} title="j">
          Next step
        </Button>
        <label htmlFor={`${id}-against`} className="grid gap-1 text-muted text-xs">
          Difference to
          <select
            id={`${id}-against`}
            className={SELECT}
            value={against ?? ''}
            onChange={(event) => void setPlace({ against: event.target.value || null })}
          >
            <option value="">nothing: show the state</option>
            <option value={START}>the start</option>
            {keys.map((key, i) => (
              <option key={key} value={key}>
                {i + 1}. {key}
              </option>
            ))}
          </select>
        </label>
        <span className="text-2xs text-muted">j and k step, d shows the difference</span>
      </div>
      <StateBetween runId={runId} step={step} against={against} />
    </section>
  )
}

/** One state, or with `against` the difference between that and this one. */
export function StateBetween({ runId, step, against }: { runId: string; step: string | null; against: string | null }) {
  const trpc = useTRPC()
  const after = useQuery(trpc.views.state.queryOptions({ id: runId, ...(step === null ? {} : { step }) }))
  const isFromStart = against === START
  const before = useQuery({
    ...trpc.views.state.queryOptions({ id: runId, ...(against === null ? {} : { step: against }) }),
    enabled: against !== null && !isFromStart,
  })
  const error = after.error ?? before.error
  if (error !== null) return <Failure error={error} />
  if (after.data === undefined || (against !== null && !isFromStart && before.data === undefined)) return <Loading what="the state" />
  if (against !== null) return <JsonDifference before={isFromStart ? {} : before.data?.state} after={after.data.state} />
  const { state } = after.data
  if (state === null || (typeof state === 'object' && Object.keys(state).length === 0))
    return <p className="text-muted">The state is empty. An agent sets it by run.state.</p>
  return (
    <>
      <div className="mb-1 text-right">
        <CopyButton label="state as JSON" text={() => toJsonText(state)} />
      </div>
      <TreeView value={state} />
    </>
  )
}
