'use client'
import type { Schedule } from '@cairn/sdk/protocol'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { parseAsString, useQueryState } from 'nuqs'
import { toast } from 'sonner'
import { PageHeader } from '@/features/shell/page-header'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Code, Empty, Failure, Loading } from '@/ui/states'
import { ScheduleDialog } from './schedule-dialog'
import { toPut } from './schedule-model'
import { ScheduleRows } from './schedule-rows'

const REFRESH_MS = 3_000
const UNDO_MS = 10_000
/** In the address, for the dialog of one that is not there yet; a name may be anything else. */
const NEW = ' '

/** Runs that begin by themselves. */
export function SchedulesPage() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [edited, setEdited] = useQueryState('edit', parseAsString)
  const schedules = useQuery({ ...trpc.schedules.list.queryOptions(), refetchInterval: REFRESH_MS })
  const refresh = { onSettled: () => client.invalidateQueries({ queryKey: trpc.schedules.list.queryKey() }) }
  const failed = (error: { message: string }) => toast.error(error.message)
  const pause = useMutation(trpc.schedules.pause.mutationOptions({ ...refresh, onError: failed }))
  const resume = useMutation(trpc.schedules.resume.mutationOptions({ ...refresh, onError: failed }))
  const put = useMutation(trpc.schedules.put.mutationOptions({ ...refresh, onError: failed }))
  const remove = useMutation(trpc.schedules.remove.mutationOptions({ ...refresh, onError: failed }))
  const drop = (schedule: Schedule) =>
    remove.mutate(
      { name: schedule.name },
      {
        onSuccess: () =>
          toast(`Schedule ${schedule.name} is deleted. Its runs stay.`, {
            duration: UNDO_MS,
            action: {
              label: 'Undo',
              onClick: () => put.mutate({ name: schedule.name, schedule: toPut(schedule), paused: schedule.paused }),
            },
          }),
      },
    )
  const chosen = schedules.data?.find((schedule) => schedule.name === edited) ?? null
  return (
    <>
      <PageHeader title="Schedules">
        <Button variant="primary" onClick={() => void setEdited(NEW)}>
          <Plus size={14} aria-hidden /> New schedule
        </Button>
      </PageHeader>
      {schedules.error !== null && <Failure error={schedules.error} />}
      {schedules.isPending && schedules.error === null && <Loading what="schedules" />}
      {schedules.data?.length === 0 && (
        <Empty title="No schedule yet">
          <p>
            A worker says its own when it starts, with <Code>{"cairn.schedule('nightly', { agent, cron: '0 3 * * *' })"}</Code>. Or make one
            here.
          </p>
        </Empty>
      )}
      {schedules.data !== undefined && schedules.data.length > 0 && (
        <ScheduleRows
          schedules={schedules.data}
          isBusy={pause.isPending || resume.isPending || remove.isPending}
          onEdit={(schedule) => void setEdited(schedule.name)}
          onPause={(schedule) => (schedule.paused ? resume : pause).mutate({ name: schedule.name })}
          onDelete={drop}
        />
      )}
      {(edited === NEW || chosen !== null) && (
        <ScheduleDialog
          key={edited}
          schedule={chosen}
          taken={schedules.data?.map((schedule) => schedule.name) ?? []}
          onClose={() => void setEdited(null)}
        />
      )}
    </>
  )
}
