import { cn } from '@/ui/cn'
import { Link } from '@/ui/link'
import type { Change } from './overview-model'

interface FigureProps {
  readonly href: string
  readonly label: string
  readonly value: string
  readonly note?: string | undefined
  readonly tone?: 'good' | 'bad' | undefined
  readonly change?: Change | null | undefined
}

/** A number that opens the list behind it. */
export function Figure({ href, label, value, note, tone, change }: FigureProps) {
  const color = tone === 'bad' ? 'text-bad' : tone === 'good' ? 'text-good' : ''
  return (
    <div className="relative min-w-0 bg-panel p-3 hover:bg-raised">
      <dt className="text-2xs text-muted">
        <Link href={href} className="after:absolute after:inset-0">
          {label}
        </Link>
      </dt>
      <dd className={cn('tabular mt-0.5 font-semibold text-lg', color)}>{value}</dd>
      {change && (
        <dd className="text-2xs">
          <ChangeText change={change} />
        </dd>
      )}
      {note !== undefined && <dd className="text-2xs text-warn">{note}</dd>}
    </div>
  )
}

const WORDS = { up: 'up by', down: 'down by', same: '' } as const
const MARKS = { up: '▲', down: '▼', same: '=' } as const

function ChangeText({ change }: { change: Change }) {
  return (
    <span className={change.isGood === null ? 'text-muted' : change.isGood ? 'text-good' : 'text-bad'}>
      <span aria-hidden>{MARKS[change.direction]} </span>
      <span className="sr-only">{WORDS[change.direction]} </span>
      {change.text}
      <span className="sr-only"> against the time before</span>
    </span>
  )
}
