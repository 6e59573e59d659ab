'use client'
import { useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { Dialog } from 'radix-ui'
import { useState } from 'react'
import { formatAgo } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { useRested } from '@/lib/use-rested'
import { Button } from '@/ui/button'
import { StatusBadge } from '@/ui/status-badge'

const ITEM = 'flex cursor-pointer flex-wrap items-center gap-x-3 rounded px-3 py-2 data-[selected=true]:bg-raised'

interface PickerProps {
  readonly name: 'A' | 'B'
  /** Traces are picked by their id, runs by what is in them. */
  readonly kind: 'runs' | 'traces'
  readonly onPick: (id: string) => void
  readonly label?: string
}

/** Another run, or trace, for a side: by agent, id, input, output or error. */
export function SidePicker({ name, kind, onPick, label = 'Change' }: PickerProps) {
  const [open, setOpen] = useState(false)
  const pick = (id: string) => {
    setOpen(false)
    onPick(id)
  }
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        <Button size="small" aria-label={`${label} side ${name}`}>
          {label}
        </Button>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          className="-translate-x-1/2 fixed top-[12vh] left-1/2 z-50 w-[min(40rem,calc(100vw-2rem))] overflow-hidden rounded-lg border bg-panel shadow-2xl"
        >
          <Dialog.Title className="sr-only">
            {kind === 'runs' ? 'A run' : 'A trace'} for side {name}
          </Dialog.Title>
          <Choices kind={kind} onPick={pick} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

/** Traces are looked for in so much of the past. */
const TRACE_HOURS = 720
/** Asked once nobody has typed for so long. */
const REST_MS = 250

function Choices({ kind, onPick }: Pick<PickerProps, 'kind' | 'onPick'>) {
  const [text, setText] = useState('')
  const asked = text.trim() === '' ? null : text.trim()
  const q = useRested(asked, REST_MS) ?? undefined
  const trpc = useTRPC()
  const runs = useQuery({ ...trpc.runs.list.queryOptions({ q, limit: 20 }), enabled: kind === 'runs', placeholderData: (before) => before })
  const traces = useQuery({
    ...trpc.traces.list.queryOptions({ q, hours: TRACE_HOURS }),
    enabled: kind === 'traces',
    placeholderData: (before) => before,
  })
  const isBusy = q !== (asked ?? undefined) || (kind === 'runs' ? runs.isFetching : traces.isFetching)
  const ids: readonly string[] | undefined =
    kind === 'runs' ? runs.data?.items.map((run) => run.id) : traces.data?.items.map((trace) => trace.traceId)
  const [chosen, setChosen] = useState('')
  // The list chooses its first item when the words change, but these items come later.
  const selected = ids?.includes(chosen) ? chosen : (ids?.[0] ?? '')
  return (
    <Command shouldFilter={false} loop label={kind === 'runs' ? 'Runs' : 'Traces'} value={selected} onValueChange={setChosen}>
      <Command.Input
        value={text}
        onValueChange={setText}
        placeholder={kind === 'runs' ? 'Agent, id, input, output, error …' : 'Words of a trace …'}
        className="w-full border-b bg-transparent px-4 py-3 outline-none"
      />
      <Command.List className="max-h-[50vh] overflow-y-auto p-2">
        <Command.Empty className="p-4 text-center text-muted">{isBusy ? 'Looking …' : 'Nothing has that in it.'}</Command.Empty>
        {kind === 'runs' &&
          runs.data?.items.map((run) => (
            <Command.Item key={run.id} value={run.id} onSelect={() => onPick(run.id)} className={ITEM}>
              <StatusBadge status={run.status} />
              <span className="font-medium">{run.agent}</span>
              {run.version !== null && <span className="text-muted">v{run.version}</span>}
              <span className="ml-auto text-2xs text-muted">{formatAgo(run.createdAt)}</span>
              <span className="font-mono text-2xs text-muted">{run.id.slice(-8)}</span>
            </Command.Item>
          ))}
        {kind === 'traces' &&
          traces.data?.items.map((trace) => (
            <Command.Item key={trace.traceId} value={trace.traceId} onSelect={() => onPick(trace.traceId)} className={ITEM}>
              <span className="min-w-0 truncate font-medium">{trace.name}</span>
              <span className="text-muted">{trace.service}</span>
              <span className="ml-auto text-2xs text-muted">{formatAgo(trace.startTime)}</span>
              <span className="font-mono text-2xs text-muted">{trace.traceId.slice(-8)}</span>
            </Command.Item>
          ))}
      </Command.List>
    </Command>
  )
}
