import type { RunSummary } from '@cairn/sdk/protocol'
import type { ReactNode } from 'react'
import { stepText } from '@/features/run/step-text'
import { durationMs, formatCount, formatMs, formatUsd } from '@/lib/format'
import { formatCost } from '@/lib/spending'
import { Link } from '@/ui/link'
import { StatusBadge } from '@/ui/status-badge'
import { Time } from '@/ui/time'

interface Column {
  readonly label: string
  /** A track of the grid. */
  readonly width: string
  readonly right?: boolean
  readonly sort?: 'started' | 'duration' | 'cost' | 'tokens'
  readonly cell: (run: RunSummary) => ReactNode
}

export const COLUMN_NAMES = [
  'status',
  'agent',
  'steps',
  'duration',
  'tokens',
  'cost',
  'error',
  'started',
  'failedStep',
  'user',
  'session',
  'tags',
  'executions',
  'lost',
  'saved',
  'id',
] as const
export type ColumnName = (typeof COLUMN_NAMES)[number]
export const DEFAULT_COLUMNS = [
  'status',
  'agent',
  'steps',
  'duration',
  'tokens',
  'cost',
  'error',
  'started',
] as const satisfies ColumnName[]

const muted = (text: ReactNode, title?: string) => (
  <span className="text-muted" title={title}>
    {text}
  </span>
)

export const COLUMNS: Readonly<Record<ColumnName, Column>> = {
  status: { label: 'Status', width: '6.5rem', cell: (run) => <StatusBadge status={run.status} /> },
  agent: {
    label: 'Agent',
    width: 'minmax(11rem,1.4fr)',
    cell: (run) => (
      <>
        <Link href={`/runs/${run.id}`} className="font-medium hover:underline">
          {run.agent}
        </Link>
        <span className="ml-1.5 text-muted">{run.version !== null && `v${run.version}`}</span>
        <span className="ml-1.5 font-mono text-2xs text-muted">{run.id.slice(-6)}</span>
        {run.parentRunId !== null && (
          <Link href={`/runs/${run.parentRunId}`} className="ml-1.5 rounded bg-raised px-1 text-2xs text-muted hover:underline">
            sub-agent
          </Link>
        )}
      </>
    ),
  },
  steps: { label: 'Steps', width: '7rem', cell: (run) => muted(stepText(run)) },
  duration: {
    label: 'Duration',
    width: '5.5rem',
    right: true,
    sort: 'duration',
    cell: (run) => formatMs(durationMs(run.startedAt, run.endedAt)),
  },
  tokens: { label: 'Tokens', width: '5.5rem', right: true, sort: 'tokens', cell: (run) => formatCount(run.usage.total) },
  cost: { label: 'Cost', width: '5.5rem', right: true, sort: 'cost', cell: (run) => formatCost(run.cost) },
  error: {
    label: 'Error',
    width: 'minmax(10rem,1.6fr)',
    cell: (run) => muted(run.error === null ? '' : `${run.error.type}: ${run.error.message}`, run.error?.message),
  },
  started: {
    label: 'Started',
    width: '6.5rem',
    sort: 'started',
    cell: (run) => <Time value={run.createdAt} ago className="text-muted" />,
  },
  failedStep: { label: 'Failed step', width: 'minmax(7rem,1fr)', cell: (run) => muted(run.failedStep ?? '') },
  user: { label: 'User', width: 'minmax(6rem,1fr)', cell: (run) => muted(run.userId ?? '') },
  session: { label: 'Session', width: 'minmax(6rem,1fr)', cell: (run) => muted(run.sessionId ?? '') },
  tags: { label: 'Tags', width: 'minmax(7rem,1fr)', cell: (run) => muted(run.tags.join(', ')) },
  executions: { label: 'Executions', width: '5.5rem', right: true, cell: (run) => formatCount(run.execution) },
  lost: { label: 'Lost', width: '5.5rem', right: true, cell: (run) => formatUsd(run.lostUnpriced ? null : run.lost) },
  saved: { label: 'Saved', width: '5.5rem', right: true, cell: (run) => formatUsd(run.saved) },
  id: { label: 'Id', width: 'minmax(9rem,1fr)', cell: (run) => <span className="font-mono text-2xs text-muted">{run.id}</span> },
}
