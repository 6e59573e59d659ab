'use client'
import type { Run } from '@cairn/sdk/protocol'
import { useQuery } from '@tanstack/react-query'
import { formatBytes, formatMs } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Link } from '@/ui/link'
import { StatusBadge } from '@/ui/status-badge'
import { Time } from '@/ui/time'
import { ContentView, TreeView } from './content-view'

/** Input, output, state and artifacts of the run, and each of its executions. */
export function RunDetails({ run }: { run: Run }) {
  const trpc = useTRPC()
  const artifacts = useQuery(trpc.runs.artifacts.queryOptions({ id: run.id }))
  const children = useQuery(trpc.runs.children.queryOptions({ id: run.id }))
  return (
    <div className="grid grid-cols-1 gap-6 overflow-auto p-5 xl:grid-cols-2">
      <Block title="Input">
        <ContentView value={run.input} />
      </Block>
      <Block title="Output">
        <ContentView value={run.output} />
      </Block>
      <Block title="State">
        <ContentView value={run.state} />
      </Block>
      {Object.keys(run.metadata).length > 0 && (
        <Block title="Metadata">
          <TreeView value={run.metadata} />
        </Block>
      )}
      <Block title="Artifacts">
        {artifacts.data?.length === 0 && <p className="text-muted">None.</p>}
        <ul>
          {artifacts.data?.map((artifact) => (
            <li key={artifact.name} className="flex gap-3 border-t py-1.5 first:border-t-0">
              <a
                href={`/download/runs/${run.id}/artifacts/${encodeURIComponent(artifact.name)}`}
                download
                className="text-accent hover:underline"
              >
                {artifact.name}
              </a>
              <span className="text-muted">
                {artifact.contentType}, {formatBytes(artifact.bytes)}
              </span>
            </li>
          ))}
        </ul>
      </Block>
      <Block title="Executions">
        <ol>
          {run.executions.map((execution) => (
            <li key={execution.number} className="border-t py-2 first:border-t-0">
              <p className="flex flex-wrap items-baseline gap-x-3">
                <span className="font-medium">Execution {execution.number}</span>
                <StatusBadge status={execution.outcome ?? 'running'} />
                <span className="text-muted">
                  <Time value={execution.startedAt} />
                  {execution.endedAt !== null && `, ${formatMs(Date.parse(execution.endedAt) - Date.parse(execution.startedAt))}`}
                </span>
              </p>
              <p className="text-muted">
                {execution.version !== null && `version ${execution.version} · `}worker {execution.workerId ?? 'none'}
                {execution.replayedSteps > 0 && ` · ${execution.replayedSteps} steps came back from checkpoints`}
                {execution.actor !== null && ` · asked for by ${execution.actor}`}
                {execution.reason !== null && `: ${execution.reason}`}
              </p>
            </li>
          ))}
        </ol>
      </Block>
      {children.data !== undefined && children.data.length > 0 && (
        <Block title="Sub-agents">
          <ul>
            {children.data.map((child) => (
              <li key={child.id} className="flex gap-3 border-t py-1.5 first:border-t-0">
                <Link href={`/runs/${child.id}`} className="text-accent hover:underline">
                  {child.agent}
                </Link>
                <StatusBadge status={child.status} />
              </li>
            ))}
          </ul>
        </Block>
      )}
    </div>
  )
}

const Block = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <section aria-label={title} className="min-w-0">
    <h2 className="mb-2 font-medium">{title}</h2>
    {children}
  </section>
)
