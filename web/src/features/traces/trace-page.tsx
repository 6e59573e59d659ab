'use client'
import { useQuery } from '@tanstack/react-query'
import { parseAsString, useQueryState } from 'nuqs'
import { SpanPanel } from '@/features/run/span-panel'
import { Waterfall } from '@/features/run/waterfall'
import { PageHeader } from '@/features/shell/page-header'
import { formatCount, formatUsd } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Empty, Failure, Loading } from '@/ui/states'

const NO_CHECKPOINTS: ReadonlySet<string> = new Set()

/** A trace that belongs to no run: the same waterfall, without Resume. */
export function TracePage({ traceId }: { traceId: string }) {
  const trpc = useTRPC()
  const [selected, setSelected] = useQueryState('span', parseAsString)
  const trace = useQuery({ ...trpc.traces.summary.queryOptions({ traceId: traceId as never }), refetchInterval: 3_000 })
  return (
    <div className="flex h-full flex-col">
      <PageHeader title={trace.data?.spans[0]?.name ?? 'Trace'}>
        <span className="font-mono text-2xs text-muted">{traceId}</span>
        {trace.data && (
          <span className="tabular">
            {formatCount(trace.data.usage.total)} tokens, {formatUsd(trace.data.cost.total)}
          </span>
        )}
      </PageHeader>
      {trace.error !== null && <Failure error={trace.error} />}
      {trace.isPending && trace.error === null && <Loading what="the trace" />}
      {trace.data === null && <Empty title="There is no such trace">It may not have arrived yet.</Empty>}
      {trace.data && (
        <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
          <Waterfall
            spans={trace.data.spans}
            open={trace.data.open}
            checkpoints={NO_CHECKPOINTS}
            selected={selected}
            onSelect={(spanId) => void setSelected(spanId)}
            executions={[]}
          />
          {selected !== null && (
            <SpanPanel
              traceId={traceId}
              spanId={selected}
              goesOn={trace.data.open.some((span) => span.spanId === selected)}
              onClose={() => void setSelected(null)}
            />
          )}
        </div>
      )}
    </div>
  )
}
