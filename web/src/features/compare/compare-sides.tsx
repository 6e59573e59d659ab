'use client'
import type { ComparedSide, Comparison } from '@cairn/sdk/protocol'
import type { ReactNode } from 'react'
import { formatExact, formatMs, formatTime, formatUsd } from '@/lib/format'
import { useTimeZone } from '@/lib/preferences'
import { Link } from '@/ui/link'
import { StatusBadge } from '@/ui/status-badge'
import { DifferenceText } from './difference-text'
import { countsAsShare, countsAsSpeed, sayCost, sayDuration, sayTokens } from './format-difference'

interface SidesProps {
  readonly comparison: Comparison
  /** What changes a side: its picker, its execution. */
  readonly controls: (side: 'a' | 'b') => ReactNode
}

/** Both sides beside each other, and what lies between them. */
export function CompareSides({ comparison, controls }: SidesProps) {
  const { a, b, difference } = comparison
  return (
    <div className="grid grid-cols-1 border-b md:grid-cols-[1fr_1fr_minmax(11rem,16rem)]">
      <Side name="A" side={a} controls={controls('a')} />
      <Side name="B" side={b} controls={controls('b')} />
      <section aria-label="Difference" className="border-t bg-panel px-5 py-3 md:border-t-0 md:border-l">
        <h2 className="text-2xs text-muted">B against A</h2>
        <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5">
          <dt className="text-muted">Duration</dt>
          <dd>
            <DifferenceText said={sayDuration(difference, countsAsSpeed(difference))} withWord />
          </dd>
          <dt className="text-muted">Tokens</dt>
          <dd>
            <DifferenceText said={sayTokens(difference, countsAsShare(a.tokens, b.tokens))} withWord />
          </dd>
          <dt className="text-muted">Cost</dt>
          <dd>
            <DifferenceText said={sayCost(difference, countsAsShare(a.costUsd, b.costUsd))} withWord />
          </dd>
        </dl>
        {comparison.relation !== 'none' && <p className="mt-2 text-2xs text-muted">{RELATIONS[comparison.relation][comparison.by]}</p>}
      </section>
    </div>
  )
}

const NO_SPANS = 'What came back from a checkpoint has no span there: by step, it is shared.'
const RELATIONS: Readonly<Record<Exclude<Comparison['relation'], 'none'>, Readonly<Record<Comparison['by'], string>>>> = {
  executions: { step: 'One run: what came back from its checkpoints is shared.', span: `One run. ${NO_SPANS}` },
  fork: { step: 'One was forked from the other: what was before that is shared.', span: `One was forked from the other. ${NO_SPANS}` },
  forks: { step: 'Both were forked from one run: what was before that is shared.', span: `Both were forked from one run. ${NO_SPANS}` },
}

function Side({ name, side, controls }: { name: 'A' | 'B'; side: ComparedSide; controls: ReactNode }) {
  useTimeZone()
  const href = side.runId === null ? `/traces/${side.traceId}` : `/runs/${side.runId}`
  return (
    <section
      aria-label={`Side ${name}`}
      className="min-w-0 border-t px-5 py-3 first:border-t-0 md:border-t-0 md:border-l md:first:border-l-0"
    >
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span aria-hidden className="flex size-5 items-center justify-center rounded bg-raised font-semibold text-2xs">
          {name}
        </span>
        <h2 className="min-w-0 font-semibold [overflow-wrap:anywhere]">
          <Link href={href} className="hover:underline">
            {side.name || '(no name)'}
            {side.version !== null && <span className="font-normal text-muted"> v{side.version}</span>}
          </Link>
        </h2>
        <StatusBadge status={side.status} />
        <span className="ml-auto flex gap-1.5">{controls}</span>
      </div>
      <p className="mt-1 font-mono text-2xs text-muted [overflow-wrap:anywhere]">
        {side.runId ?? side.traceId}
        {side.execution !== null && ` · execution ${side.execution} of ${side.executions}`}
      </p>
      <dl className="tabular mt-1.5 flex flex-wrap gap-x-5 gap-y-1">
        <Fact label="Duration">{side.durationMs === null ? 'goes on' : formatMs(side.durationMs)}</Fact>
        <Fact label="Tokens">{formatExact(side.tokens)}</Fact>
        <Fact label="Cost">{formatUsd(side.costUsd)}</Fact>
        <Fact label="Started">{formatTime(side.startedAt)}</Fact>
      </dl>
      {side.error !== null && (
        <p className="mt-1.5 line-clamp-2 [overflow-wrap:anywhere]">
          <span className="font-medium text-bad">{side.error.type || 'Error'}</span>: {side.error.message}
        </p>
      )}
    </section>
  )
}

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <div>
    <dt className="text-2xs text-muted">{label}</dt>
    <dd className="font-medium">{children}</dd>
  </div>
)
