'use client'
import { useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { useRouter } from 'next/navigation'
import { Dialog } from 'radix-ui'
import { useState } from 'react'
import { useTRPC } from '@/lib/trpc'
import { StatusBadge } from '@/ui/status-badge'
import { PAGES } from './pages'

const ITEM = 'flex cursor-pointer items-center gap-3 rounded px-3 py-2 data-[selected=true]:bg-raised'

/** Any page or recent run by a few letters. */
export function CommandDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const [text, setText] = useState('')
  const router = useRouter()
  const trpc = useTRPC()
  const runs = useQuery({ ...trpc.runs.list.queryOptions({ q: text === '' ? undefined : text, limit: 8 }), enabled: open })
  const go = (href: string) => {
    onOpenChange(false)
    router.push(href)
  }
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          className="-translate-x-1/2 fixed top-[12vh] left-1/2 z-50 w-[min(36rem,calc(100vw-2rem))] overflow-hidden rounded-lg border bg-panel shadow-2xl"
        >
          <Dialog.Title className="sr-only">Go to</Dialog.Title>
          <Command loop>
            <Command.Input
              value={text}
              onValueChange={setText}
              placeholder="Page, agent, run …"
              className="w-full border-b bg-transparent px-4 py-3 outline-none"
            />
            <Command.List className="max-h-[50vh] overflow-y-auto p-2">
              <Command.Empty className="p-4 text-center text-muted">Nothing of that name.</Command.Empty>
              <Command.Group heading="Pages">
                {PAGES.map(([href, label, Icon]) => (
                  <Command.Item key={href} value={label} onSelect={() => go(href)} className={ITEM}>
                    <Icon size={14} aria-hidden /> {label}
                  </Command.Item>
                ))}
              </Command.Group>
              <Command.Group heading="Runs">
                {runs.data?.items.map((run) => (
                  <Command.Item
                    key={run.id}
                    value={`${run.agent} ${run.id} ${text}`}
                    onSelect={() => go(`/runs/${run.id}`)}
                    className={ITEM}
                  >
                    <StatusBadge status={run.status} /> {run.agent}{' '}
                    <span className="ml-auto font-mono text-2xs text-muted">{run.id.slice(-8)}</span>
                  </Command.Item>
                ))}
              </Command.Group>
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
