'use client'
import type { WorkerRow } from '@cairn/prisma'
import { useQuery } from '@tanstack/react-query'
import { parseAsString, useQueryState } from 'nuqs'
import { SearchBox } from '@/features/lists/search-box'
import { PageHeader } from '@/features/shell/page-header'
import { formatAgo } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { CopyButton } from '@/ui/copy-button'
import { Link } from '@/ui/link'
import { Code, Empty, Failure, Loading } from '@/ui/states'
import { sumWorkers } from './worker-model'
import { AliveWorkers, EndedWorkers } from './workers-tables'

const REFRESH_MS = 1_500

/** Who runs the agents: alive ones, and those that ended in the last day. */
export function WorkersPage() {
  const trpc = useTRPC()
  const [agent, setAgent] = useQueryState('agent', parseAsString.withDefault(''))
  const workers = useQuery({ ...trpc.settings.workers.queryOptions(), refetchInterval: REFRESH_MS })
  const all = workers.data ?? []
  const shown = agent === '' ? all : all.filter((worker) => sumWorkers([worker]).agents.some((name) => name.includes(agent)))
  const sums = sumWorkers(shown)
  return (
    <>
      <PageHeader title="Workers">
        <SearchBox label="Filter by agent" placeholder="Agent" value={agent} onChange={(text) => void setAgent(text || null)} />
      </PageHeader>
      {workers.error !== null && <Failure error={workers.error} />}
      {workers.isPending && workers.error === null && <Loading what="workers" />}
      {workers.isSuccess && all.length === 0 && <NoWorker />}
      {all.length > 0 && (
        <>
          <Summary sums={sums} />
          <AliveWorkers workers={shown.filter(isAlive)} />
          <EndedWorkers workers={shown.filter((worker) => !isAlive(worker))} />
        </>
      )}
    </>
  )
}

const isAlive = (worker: WorkerRow) => worker.endedAt === null

function Summary({ sums }: { sums: ReturnType<typeof sumWorkers> }) {
  return (
    <dl className="tabular flex flex-wrap gap-x-8 gap-y-2 border-b px-5 py-3" aria-live="polite">
      <Fact label="Alive">
        <span className={sums.alive > 0 ? 'text-good' : 'text-warn'}>{sums.alive}</span>
      </Fact>
      <Fact label="Runs held">
        <Link href="/runs?status=running" className="underline decoration-line underline-offset-2">
          {sums.held}
        </Link>
      </Fact>
      <Fact label="Capacity used">{sums.capacity === 0 ? '–' : `${sums.held} of ${sums.capacity}`}</Fact>
      <Fact label="Agents served">{sums.served}</Fact>
      <Fact label="Last crash">
        {sums.lastCrash === null ? (
          'none in the last day'
        ) : (
          <Link href={`/runs/${sums.lastCrash.runId}`} className="text-bad underline decoration-line underline-offset-2">
            {formatAgo(sums.lastCrash.at)}, in a run of {sums.lastCrash.agent}
          </Link>
        )}
      </Fact>
    </dl>
  )
}

const Fact = ({ label, children }: { label: string; children: React.ReactNode }) => (
  <div>
    <dt className="text-2xs text-muted">{label}</dt>
    <dd className="font-medium">{children}</dd>
  </div>
)

function NoWorker() {
  const trpc = useTRPC()
  const project = useQuery(trpc.settings.project.queryOptions())
  const start = `CAIRN_URL=${project.data?.collectorUrl ?? '…'} CAIRN_API_KEY=… node worker.js`
  return (
    <Empty title="No worker has been here in the last day">
      <p>
        A process that calls <Code>await cairn.serve([agent])</Code> is a worker. Start one:
      </p>
      <p className="mt-3 flex items-center justify-center gap-2">
        <Code>{start}</Code> <CopyButton text={start} label="command" />
      </p>
      <p className="mt-3">
        <Link href="/settings#instrument" className="text-accent underline">
          Settings
        </Link>{' '}
        has the address, a key, and an agent to copy.
      </p>
    </Empty>
  )
}
