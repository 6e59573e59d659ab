import type { WorkerRow } from '@cairn/prisma'
import type { ReactNode } from 'react'
import { durationMs, formatAgo, formatMs, formatUtc } from '@/lib/format'
import { Link } from '@/ui/link'
import { Scroller } from '@/ui/scroller'
import { endText, servedBy, versionText } from './worker-model'

export function AliveWorkers({ workers }: { workers: readonly WorkerRow[] }) {
  if (workers.length === 0)
    return <p className="border-b px-5 py-6 text-warn">No worker is alive: queued runs wait until one is started.</p>
  return (
    <Table label="Alive" heads={['Worker', 'Agents', 'Capacity', 'Runs held', 'Uptime', 'Last seen', 'SDK']}>
      {workers.map((worker) => (
        <tr key={worker.id} className="border-b align-top">
          <td className="px-5 py-2">
            <Place worker={worker} />
          </td>
          <td className="px-5 py-2">
            <Agents worker={worker} />
          </td>
          <td className="px-5 py-2">
            {servedBy(worker).length === 0 ? <span className="text-muted">its own runs</span> : <Gauge worker={worker} />}
          </td>
          <td className="px-5 py-2">
            <Held worker={worker} />
          </td>
          <td className="px-5 py-2" title={formatUtc(worker.startedAt)}>
            {formatMs(durationMs(worker.startedAt, null))}
          </td>
          <td className="px-5 py-2">{formatAgo(worker.lastSeenAt)}</td>
          <td className="px-5 py-2 text-muted">{worker.sdkVersion || '–'}</td>
        </tr>
      ))}
    </Table>
  )
}

export function EndedWorkers({ workers }: { workers: readonly WorkerRow[] }) {
  if (workers.length === 0) return null
  return (
    <Table label="Ended in the last day" heads={['Worker', 'Agents', 'How', 'Crashed with', 'Lived', 'Ended']}>
      {workers.map((worker) => (
        <tr key={worker.id} className="border-b align-top">
          <td className="px-5 py-2">
            <Place worker={worker} />
          </td>
          <td className="px-5 py-2">
            <Agents worker={worker} />
          </td>
          <td className={`px-5 py-2 ${worker.endReason === 'goodbye' ? 'text-muted' : 'text-bad'}`}>{endText(worker.endReason)}</td>
          <td className="px-5 py-2">
            <Crash worker={worker} />
          </td>
          <td className="px-5 py-2 text-muted">{formatMs(durationMs(worker.startedAt, worker.endedAt))}</td>
          <td className="px-5 py-2 text-muted" title={formatUtc(worker.endedAt)}>
            {formatAgo(worker.endedAt ?? worker.lastSeenAt)}
          </td>
        </tr>
      ))}
    </Table>
  )
}

function Table({ label, heads, children }: { label: string; heads: readonly string[]; children: ReactNode }) {
  return (
    <Scroller label={label}>
      <h2 className="px-5 pt-4 pb-1 font-medium">{label}</h2>
      <table className="tabular w-full min-w-[52rem] text-left">
        <thead className="border-b text-2xs text-muted">
          <tr>
            {heads.map((name) => (
              <th key={name} scope="col" className="px-5 py-2 font-normal">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </Scroller>
  )
}

const Place = ({ worker }: { worker: WorkerRow }) => (
  <>
    <span className="font-medium">{worker.hostname || worker.id}</span>
    {worker.pid > 0 && <span className="text-muted"> · process {worker.pid}</span>}
  </>
)

function Agents({ worker }: { worker: WorkerRow }) {
  const agents = servedBy(worker)
  if (agents.length === 0) return <span className="text-muted">runs of its own</span>
  return (
    <ul className="grid gap-0.5">
      {agents.map((agent) => (
        <li key={agent.name}>
          <Link href={`/runs?agent=${encodeURIComponent(agent.name)}&subs=true`} className="hover:underline">
            {agent.name}
          </Link>{' '}
          <span className="text-muted">{versionText(agent)}</span>
        </li>
      ))}
    </ul>
  )
}

function Gauge({ worker }: { worker: WorkerRow }) {
  const share = Math.min(1, worker.runsHeld / Math.max(1, worker.capacity))
  return (
    <div className="flex items-center gap-2">
      <meter
        className="h-2 w-16"
        min={0}
        max={1}
        value={share}
        aria-label={`${worker.runsHeld} of ${worker.capacity} places used`}
        title={`${worker.runsHeld} of ${worker.capacity}`}
      />
      {worker.runsHeld} of {worker.capacity}
    </div>
  )
}

function Held({ worker }: { worker: WorkerRow }) {
  if (worker.runsHeld === 0) return <span className="text-muted">none</span>
  return (
    <ul className="grid gap-0.5">
      {worker.heldRuns.map((run) => (
        <li key={run.id}>
          <Link href={`/runs/${run.id}`} className="hover:underline">
            {run.agent} <span className="font-mono text-2xs text-muted">{run.id.slice(-6)}</span>
          </Link>
        </li>
      ))}
      {worker.runsHeld > worker.heldRuns.length && <li className="text-muted">and {worker.runsHeld - worker.heldRuns.length} more</li>}
    </ul>
  )
}

function Crash({ worker }: { worker: WorkerRow }) {
  if (worker.lastCrash === null) return <span className="text-muted">no run</span>
  return (
    <Link href={`/runs/${worker.lastCrash.runId}`} className="text-bad hover:underline" title={formatUtc(worker.lastCrash.at)}>
      {worker.lastCrash.agent} <span className="font-mono text-2xs">{worker.lastCrash.runId.slice(-6)}</span>
      {worker.runsCrashed > 1 && ` and ${worker.runsCrashed - 1} more`}
    </Link>
  )
}
