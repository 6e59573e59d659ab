'use client'
import { useQuery } from '@tanstack/react-query'
import { PageHeader } from '@/features/shell/page-header'
import { formatAgo } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Code, Empty, Failure, Loading } from '@/ui/states'

interface Served {
  readonly name: string
  readonly versions: readonly string[]
}

const REASONS: Readonly<Record<string, string>> = { goodbye: 'stopped', lost: 'connection dropped', expired: 'lease ran out' }

export function WorkersPage() {
  const trpc = useTRPC()
  const workers = useQuery({ ...trpc.settings.workers.queryOptions(), refetchInterval: 1_500 })
  return (
    <>
      <PageHeader title="Workers" />
      {workers.error !== null && <Failure error={workers.error} />}
      {workers.isPending && workers.error === null && <Loading what="workers" />}
      {workers.data?.length === 0 && (
        <Empty title="No worker has been here">
          <p>
            A process that calls <Code>await cairn.serve([agent])</Code> is a worker.
          </p>
        </Empty>
      )}
      {workers.data !== undefined && workers.data.length > 0 && (
        <div className="overflow-x-auto">
          <table className="tabular w-full min-w-[44rem] text-left">
            <thead className="border-b text-2xs text-muted">
              <tr>
                {['State', 'Host', 'Process', 'Agents', 'Runs held', 'Last seen'].map((name) => (
                  <th key={name} scope="col" className="px-5 py-2 font-normal">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {workers.data.map((worker) => (
                <tr key={worker.id} className={`border-b ${worker.endedAt === null ? '' : 'text-muted'}`}>
                  <td className="px-5 py-2">
                    {worker.endedAt === null ? (
                      <span className="font-medium text-good">alive</span>
                    ) : (
                      (REASONS[worker.endReason ?? ''] ?? 'ended')
                    )}
                  </td>
                  <td className="px-5">{worker.hostname || '–'}</td>
                  <td className="px-5">{worker.pid || '–'}</td>
                  <td className="px-5">
                    {(worker.agents as Served[]).map((agent) => `${agent.name} v${agent.versions.join(', v')}`).join('; ') ||
                      'runs of its own'}
                  </td>
                  <td className="px-5">
                    {worker.runsHeld} of {worker.capacity}
                  </td>
                  <td className="px-5">{formatAgo(worker.endedAt ?? worker.lastSeenAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}
