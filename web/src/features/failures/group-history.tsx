import type { FailureChange } from '@cairn/sdk/protocol'
import { formatTime } from '@/lib/format'
import { useTimeZone } from '@/lib/preferences'
import { Time } from '@/ui/time'
import { describeChange } from './failure-model'

export function GroupHistory({ history }: { history: readonly FailureChange[] }) {
  useTimeZone()
  if (history.length === 0) return <p className="px-4 py-4 text-muted">Nothing was decided yet.</p>
  return (
    <ol className="max-h-72 overflow-y-auto px-4 py-2">
      {history.map((change) => (
        <li key={`${change.at}${change.change}`} className="flex items-baseline gap-2 py-1">
          <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
            <span className="font-medium">{change.actor ?? 'It'}</span> {describeChange(change, formatTime)}
            {change.note !== null && <span className="text-muted"> · {change.note}</span>}
          </span>
          <Time value={change.at} ago className="tabular shrink-0 text-muted" />
        </li>
      ))}
    </ol>
  )
}
