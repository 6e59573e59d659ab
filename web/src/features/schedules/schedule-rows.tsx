'use client'
import type { Schedule } from '@cairn/sdk/protocol'
import { formatAgo, formatUtc } from '@/lib/format'
import { Button } from '@/ui/button'
import { Link } from '@/ui/link'
import { inZone, untilText } from './schedule-model'

interface ScheduleRowsProps {
  readonly schedules: readonly Schedule[]
  readonly isBusy: boolean
  readonly onEdit: (schedule: Schedule) => void
  readonly onPause: (schedule: Schedule) => void
  readonly onDelete: (schedule: Schedule) => void
}

const HEADS = ['Name', 'Agent', 'When', 'Next run', 'Last run', ''] as const

export function ScheduleRows({ schedules, isBusy, onEdit, onPause, onDelete }: ScheduleRowsProps) {
  return (
    <div className="overflow-x-auto">
      <table className="tabular w-full min-w-[56rem] text-left">
        <caption className="sr-only">Schedules</caption>
        <thead className="border-b text-2xs text-muted">
          <tr>
            {HEADS.map((name) => (
              <th key={name} scope="col" className="px-5 py-2 font-normal">
                {name === '' ? <span className="sr-only">Actions</span> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {schedules.map((schedule) => (
            <tr key={schedule.name} className="border-b hover:bg-raised">
              <td className="max-w-64 truncate px-5 py-2 font-medium">
                <bdi>{schedule.name}</bdi>
              </td>
              <td className="max-w-48 truncate px-5">
                <Link href={`/runs?tag=${encodeURIComponent(`schedule:${schedule.name}`)}`} className="hover:underline">
                  {schedule.agent}
                </Link>
                {schedule.version !== null && <span className="text-muted"> v{schedule.version}</span>}
              </td>
              <td className="px-5">
                <code className="font-mono text-xs">{schedule.cron}</code> <span className="text-muted">{schedule.timezone}</span>
              </td>
              <td className="px-5">
                <NextRun schedule={schedule} />
              </td>
              <td className="px-5">
                {schedule.lastRunId === null ? (
                  <span className="text-muted">none yet</span>
                ) : (
                  <Link href={`/runs/${schedule.lastRunId}`} className="hover:underline" title={formatUtc(schedule.lastAt)}>
                    {schedule.lastAt === null ? 'its run' : formatAgo(schedule.lastAt)}
                  </Link>
                )}
              </td>
              <td className="whitespace-nowrap px-5 text-right">
                <Button size="small" variant="ghost" disabled={isBusy} onClick={() => onPause(schedule)}>
                  {schedule.paused ? 'Resume' : 'Pause'}
                  <span className="sr-only"> {schedule.name}</span>
                </Button>
                <Button size="small" variant="ghost" onClick={() => onEdit(schedule)}>
                  Edit<span className="sr-only"> {schedule.name}</span>
                </Button>
                <Button size="small" variant="ghost" className="text-bad" disabled={isBusy} onClick={() => onDelete(schedule)}>
                  Delete<span className="sr-only"> {schedule.name}</span>
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function NextRun({ schedule }: { schedule: Schedule }) {
  if (schedule.paused) return <span className="font-medium text-warn">paused</span>
  if (schedule.nextAt === null) return <span className="text-muted">no time to come</span>
  return (
    <span title={inZone(schedule.nextAt, schedule.timezone)}>
      {untilText(schedule.nextAt, Date.now())} <span className="text-muted">{inZone(schedule.nextAt, schedule.timezone)}</span>
    </span>
  )
}
