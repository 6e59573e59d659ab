'use client'
import { formatCount, formatMs } from '@/lib/format'
import { formatCost } from '@/lib/spending'
import { Button } from '@/ui/button'
import { Link } from '@/ui/link'
import { StatusBadge } from '@/ui/status-badge'
import { VisibleText } from '@/ui/visible-text'
import { ContentView } from './content-view'
import type { StepRow } from './steps-model'

export const STEP_GRID = 'grid grid-cols-[3rem_minmax(12rem,1fr)_4.5rem_7rem_4.5rem_8rem_6rem_5rem_6rem_5rem] items-center gap-x-3 px-5'

interface StepLineProps {
  readonly row: StepRow
  readonly isOpen: boolean
  readonly onToggle: () => void
  readonly onShowSpan: (spanId: string) => void
}

/** A checkpoint in one line, and what it gave below it. */
export function StepLine({ row, isOpen, onToggle, onShowSpan }: StepLineProps) {
  const { step, number } = row
  const { spanId } = step
  const takenOver = step.execution === 0
  return (
    <>
      <div className={`${STEP_GRID} tabular min-h-8`}>
        <span className="text-muted">{number}</span>
        <span className="flex min-w-0 items-center gap-2">
          <button type="button" aria-expanded={isOpen} onClick={onToggle} className="min-w-0 text-left font-medium hover:underline">
            <span className="block truncate">
              <VisibleText text={step.key.slice(0, 300)} />
            </span>
          </button>
          {step.givenByHand && (
            <span
              className="shrink-0 rounded bg-info/10 px-1 text-2xs text-info"
              title="A person chose its output when the run was resumed or forked"
            >
              given by hand
            </span>
          )}
        </span>
        <span className="text-muted">{step.kind}</span>
        <StatusBadge status={step.status} />
        <span>{step.attempt}</span>
        <span>
          {takenOver ? 'of the origin' : step.execution}
          {row.isReplayed && !takenOver && <span className="ml-2 rounded bg-good/10 px-1 text-2xs text-good">replayed</span>}
        </span>
        <span>{formatMs(row.durationMs)}</span>
        <span>{formatCount(step.usage.total)}</span>
        <span>{formatCost(step.cost)}</span>
        <span className="text-right">
          {step.childRunId !== null ? (
            <Link href={`/runs/${step.childRunId}`} className="text-accent hover:underline">
              its run
            </Link>
          ) : (
            spanId !== null && (
              <Button variant="ghost" size="small" aria-label={`Span of ${step.key.slice(0, 100)}`} onClick={() => onShowSpan(spanId)}>
                span
              </Button>
            )
          )}
        </span>
      </div>
      {isOpen && (
        <div className="min-w-0 border-t bg-panel px-5 py-3 pl-17">
          {step.error !== null && (
            <p className="mb-2 whitespace-pre-wrap text-bad [overflow-wrap:anywhere]">
              <VisibleText text={`${step.error.type}: ${step.error.message.slice(0, 10_000)}`} />
            </p>
          )}
          <ContentView value={step.output} />
        </div>
      )}
    </>
  )
}
