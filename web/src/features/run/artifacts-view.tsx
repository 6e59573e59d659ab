'use client'
import type { Artifact } from '@cairn/sdk/protocol'
import { useQuery } from '@tanstack/react-query'
import { parseAsString, useQueryState } from 'nuqs'
import { formatBytes, formatTime } from '@/lib/format'
import { useTimeZone } from '@/lib/preferences'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { cn } from '@/ui/cn'
import { Empty, Failure, Loading } from '@/ui/states'
import { toVisibleText } from '@/ui/visible-text-model'
import { ArtifactContent } from './artifact-content'

/** The files that the run made, and the one that was chosen. */
export function ArtifactsView({ runId }: { runId: string }) {
  const trpc = useTRPC()
  const [name, setName] = useQueryState('artifact', parseAsString)
  const list = useQuery({ ...trpc.runs.artifacts.queryOptions({ id: runId }), refetchInterval: 5_000 })
  if (list.error !== null && list.data === undefined) return <Failure error={list.error} />
  if (list.data === undefined) return <Loading what="the artifacts" />
  if (list.data.length === 0) return <Empty title="This run made no file">An agent keeps one by run.artifact('name', bytes).</Empty>
  const chosen = list.data.find((artifact) => artifact.name === name) ?? list.data[0]
  return (
    <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
      <nav aria-label="Artifacts" className="max-h-48 shrink-0 overflow-y-auto border-b lg:max-h-none lg:w-72 lg:border-r lg:border-b-0">
        <ul>
          {list.data.map((artifact) => (
            <li key={artifact.name}>
              <button
                type="button"
                aria-current={artifact === chosen}
                onClick={() => void setName(artifact.name)}
                className={cn('block w-full border-b px-4 py-2 text-left hover:bg-raised', artifact === chosen && 'bg-raised')}
              >
                <bdi className="block font-medium [overflow-wrap:anywhere]">{toVisibleText(artifact.name)}</bdi>
                <span className="text-muted">
                  {artifact.contentType.slice(0, 80)}, {formatBytes(artifact.bytes)}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </nav>
      {chosen !== undefined && <Chosen key={`${chosen.name} ${chosen.sha256}`} runId={runId} artifact={chosen} />}
    </div>
  )
}

function Chosen({ runId, artifact }: { runId: string; artifact: Artifact }) {
  useTimeZone()
  const address = `/download/runs/${runId}/artifacts/${encodeURIComponent(artifact.name)}`
  return (
    <section aria-label={`Artifact ${toVisibleText(artifact.name)}`} className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex flex-wrap items-center gap-3 border-b px-4 py-1.5 text-muted">
        <span>
          execution {artifact.execution}, {formatTime(artifact.createdAt)}
        </span>
        <span className="ml-auto" />
        <Button asChild size="small">
          <a href={address} download>
            Download
          </a>
        </Button>
      </div>
      <ArtifactContent artifact={artifact} address={address} />
    </section>
  )
}
