'use client'
import type { Step } from '@cairn/sdk/protocol'
import Link from 'next/link'
import { useState } from 'react'
import { durationMs, formatCount, formatMs, formatUsd } from '@/lib/format'
import { Button } from '@/ui/button'
import { Empty } from '@/ui/states'
import { StatusBadge } from '@/ui/status-badge'
import { ContentView } from './content-view'

/** The checkpoints in order: what each step gave, in which execution, after how many attempts, for how much. */
export function StepsTable({ steps, onShowSpan }: { steps: readonly Step[]; onShowSpan: (spanId: string) => void }) {
  if (steps.length === 0) return <Empty title="No step has finished yet" />
  return (
    <div className="overflow-auto">
      <table className="tabular w-full min-w-[44rem] text-left">
        <thead className="sticky top-0 border-b bg-bg text-2xs text-muted">
          <tr>
            {['Number', 'Step', 'Kind', 'Status', 'Attempt', 'Execution', 'Duration', 'Tokens', 'Cost', 'Span'].map((name) => (
              <th key={name} scope="col" className="px-3 py-2 font-normal">
                {name === 'Number' || name === 'Span' ? <span className="sr-only">{name}</span> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.map((step, i) => (
            <StepRow key={step.key} step={step} number={i + 1} onShowSpan={onShowSpan} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function StepRow({ step, number, onShowSpan }: { step: Step; number: number; onShowSpan: (spanId: string) => void }) {
  const [open, setOpen] = useState(false)
  const { spanId } = step
  return (
    <>
      <tr className="border-b hover:bg-raised">
        <td className="px-3 text-right text-muted">{number}</td>
        <td className="px-3 py-1.5">
          <button type="button" aria-expanded={open} onClick={() => setOpen(!open)} className="font-medium hover:underline">
            {step.key}
          </button>
        </td>
        <td className="px-3 text-muted">{step.kind}</td>
        <td className="px-3">
          <StatusBadge status={step.status} />
        </td>
        <td className="px-3">{step.attempt}</td>
        <td className="px-3">{step.execution}</td>
        <td className="px-3">{formatMs(durationMs(step.startedAt, step.endedAt))}</td>
        <td className="px-3">{formatCount(step.usage.total)}</td>
        <td className="px-3">{formatUsd(step.cost.total)}</td>
        <td className="px-3 text-right">
          {step.childRunId !== null && (
            <Link href={`/runs/${step.childRunId}`} className="text-accent hover:underline">
              its run
            </Link>
          )}
          {spanId !== null && step.childRunId === null && (
            <Button variant="ghost" size="small" onClick={() => onShowSpan(spanId)}>
              span
            </Button>
          )}
        </td>
      </tr>
      {open && (
        <tr className="border-b bg-panel">
          <td />
          <td colSpan={9} className="px-3 py-3">
            {step.error !== null && (
              <p className="mb-2 text-bad">
                {step.error.type}: {step.error.message}
              </p>
            )}
            <ContentView value={step.output} />
          </td>
        </tr>
      )}
    </>
  )
}
