'use client'
import { useQuery } from '@tanstack/react-query'
import { PageHeader } from '@/features/shell/page-header'
import { formatAgo } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Link } from '@/ui/link'
import { Code, Empty, Failure, Loading } from '@/ui/states'

export function FewShotPage() {
  const trpc = useTRPC()
  const sets = useQuery(trpc.fewShot.sets.queryOptions())
  return (
    <>
      <PageHeader title="Few-shot sets" />
      {sets.error !== null && <Failure error={sets.error} />}
      {sets.isPending && <Loading what="sets" />}
      {sets.data?.length === 0 && (
        <Empty title="No set yet">
          <p>
            Open a run that went well and press Promote. An agent asks for the examples with <Code>run.fewShot('set')</Code>.
          </p>
        </Empty>
      )}
      <ul>
        {sets.data?.map((set) => (
          <li key={set.set} className="relative flex items-baseline gap-4 border-b px-5 py-3 hover:bg-raised">
            <Link href={`/few-shot/${encodeURIComponent(set.set)}`} className="font-medium after:absolute after:inset-0">
              {set.set}
            </Link>
            <span className="tabular text-muted">
              {set.examples} {set.examples === 1 ? 'example' : 'examples'}
            </span>
            <span className="tabular text-muted">version {set.version}</span>
            <span className="ml-auto text-muted">changed {formatAgo(set.updatedAt)}</span>
          </li>
        ))}
      </ul>
    </>
  )
}
