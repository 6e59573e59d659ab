'use client'
import { isRunId, type RunId } from '@cairn/sdk/protocol'
import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/lib/trpc'
import { Link } from '@/ui/link'
import { compareHref } from './compare-href'

/** What a run is worth comparing with, as links. */
export function Suggestions({ id }: { id: string }) {
  const trpc = useTRPC()
  const suggestions = useQuery({ ...trpc.compare.suggestions.queryOptions({ id: id as RunId }), enabled: isRunId(id) })
  if (!suggestions.data?.length) return null
  return (
    <ul className="mt-4 grid gap-1.5 text-left">
      {suggestions.data.map((suggestion) => (
        <li key={compareHref(suggestion)}>
          <Link href={compareHref(suggestion)} className="text-accent hover:underline">
            {suggestion.text}
          </Link>
        </li>
      ))}
    </ul>
  )
}
