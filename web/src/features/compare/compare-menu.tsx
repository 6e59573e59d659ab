'use client'
import type { Run } from '@cairn/sdk/protocol'
import { useQuery } from '@tanstack/react-query'
import { GitCompareArrows } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useState } from 'react'
import { formatAgo } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Link } from '@/ui/link'
import { StatusBadge } from '@/ui/status-badge'
import { compareHref } from './compare-href'

const ITEM = 'block cursor-pointer rounded px-3 py-1.5 outline-none data-[highlighted]:bg-raised'

/** What a run is worth comparing with: its origin, its forks, a good run like it, the execution before. */
export function CompareMenu({ run }: { run: Pick<Run, 'id'> }) {
  const [open, setOpen] = useState(false)
  const trpc = useTRPC()
  const suggestions = useQuery({ ...trpc.compare.suggestions.queryOptions({ id: run.id }), enabled: open })
  return (
    <DropdownMenu.Root open={open} onOpenChange={setOpen}>
      <DropdownMenu.Trigger asChild>
        <Button>
          <GitCompareArrows size={14} aria-hidden /> Compare
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          className="z-50 w-[min(24rem,calc(100vw-2rem))] rounded-md border bg-panel p-1 shadow-xl"
        >
          {suggestions.isPending && <p className="px-3 py-2 text-muted">Looking for runs to compare with …</p>}
          {suggestions.error !== null && <p className="px-3 py-2 text-bad">{suggestions.error.message}</p>}
          {suggestions.data?.map((suggestion) => {
            const other = suggestion.a.runId === run.id ? suggestion.b : suggestion.a
            return (
              <DropdownMenu.Item key={compareHref(suggestion)} asChild>
                <Link href={compareHref(suggestion)} className={ITEM}>
                  <span className="block">{suggestion.text}</span>
                  {suggestion.kind !== 'execution' && (
                    <span className="flex items-center gap-2 text-2xs text-muted">
                      <StatusBadge status={other.status} /> <span className="font-mono">{other.runId.slice(-8)}</span>
                      <span className="ml-auto">{formatAgo(other.createdAt)}</span>
                    </span>
                  )}
                </Link>
              </DropdownMenu.Item>
            )
          })}
          <DropdownMenu.Item asChild>
            <Link href={`/compare?a=${run.id}`} className={`${ITEM} text-accent`}>
              Choose another run …
            </Link>
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
