'use client'
import type { Span } from '@cairn/sdk/protocol'
import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { Tabs } from 'radix-ui'
import { formatExact, formatMs, formatTime, formatUsd } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { CopyButton } from '@/ui/copy-button'
import { JsonView } from '@/ui/json-view'
import { Empty, Failure, Loading } from '@/ui/states'
import { StatusBadge } from '@/ui/status-badge'
import { ContentView } from './content-view'

interface SpanPanelProps {
  readonly traceId: string
  readonly spanId: string
  /** It has begun and not ended: there is nothing of it to read yet. */
  readonly goesOn: boolean
  readonly onClose: () => void
}

/** All of one span: what went in and came out, what it cost, what it threw, and every attribute that was sent. */
export function SpanPanel({ traceId, spanId, goesOn, onClose }: SpanPanelProps) {
  const trpc = useTRPC()
  const span = useQuery({ ...trpc.traces.span.queryOptions({ traceId: traceId as never, spanId: spanId as never }), enabled: !goesOn })
  return (
    <aside aria-label="Span" className="flex min-h-0 w-full flex-col border-t bg-panel lg:w-[27rem] lg:border-t-0 lg:border-l xl:w-[34rem]">
      {span.error !== null && <Failure error={span.error} />}
      {goesOn && <Empty title="It still runs">Its input, output and cost are here when it ends.</Empty>}
      {span.isPending && !goesOn && <Loading what="the span" />}
      {span.data !== undefined && <Body span={span.data} onClose={onClose} />}
    </aside>
  )
}

const TAB =
  'border-b-2 border-transparent px-1 py-2 text-muted data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-fg'

function Body({ span, onClose }: { span: Span; onClose: () => void }) {
  const state = span.interrupted ? 'interrupted' : span.status === 'error' ? 'error' : 'ok'
  const exception = span.errorType !== '' || span.errorMessage !== ''
  return (
    <>
      <header className="flex items-start gap-2 border-b px-4 py-3">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold [overflow-wrap:anywhere]">{span.name}</h2>
          <p className="tabular mt-0.5 flex flex-wrap gap-x-3 text-muted">
            <StatusBadge status={state} /> <span>{span.kind}</span> <span>{formatMs(Number(span.durationNs) / 1e6)}</span>
            {span.model !== '' && <span>{span.model}</span>}
            {span.timeToFirstTokenMs !== null && <span>first token {formatMs(span.timeToFirstTokenMs)}</span>}
          </p>
        </div>
        <Button variant="ghost" size="icon" aria-label="Close span" onClick={onClose}>
          <X size={15} aria-hidden />
        </Button>
      </header>
      <Tabs.Root defaultValue="content" className="flex min-h-0 flex-1 flex-col">
        <Tabs.List aria-label="Parts of the span" className="flex gap-4 border-b px-4">
          <Tabs.Trigger value="content" className={TAB}>
            Input and output
          </Tabs.Trigger>
          <Tabs.Trigger value="usage" className={TAB}>
            Usage and cost
          </Tabs.Trigger>
          <Tabs.Trigger value="attributes" className={TAB}>
            Attributes
          </Tabs.Trigger>
          <Tabs.Trigger value="events" className={TAB}>
            Events{span.events.length > 0 && ` ${span.events.length}`}
          </Tabs.Trigger>
        </Tabs.List>
        <div className="min-h-0 flex-1 overflow-y-auto p-4">
          <Tabs.Content value="content" className="grid grid-cols-1 gap-5">
            {exception && <Exception span={span} />}
            {span.system !== null && <Section title="System" value={span.system} />}
            <Section title="Input" value={span.messages ?? span.input} />
            <Section title="Output" value={span.output} />
          </Tabs.Content>
          <Tabs.Content value="usage">
            <UsageTable span={span} />
          </Tabs.Content>
          <Tabs.Content value="attributes" className="grid grid-cols-1 gap-5">
            <Section title="Attributes" value={span.attributes} />
            {Object.keys(span.metadata).length > 0 && <Section title="Metadata" value={span.metadata} />}
            <Section title="Resource" value={span.resource} />
            <Section
              title="Ids"
              value={{ traceId: span.traceId, spanId: span.spanId, parentSpanId: span.parentSpanId, scope: span.scope }}
            />
          </Tabs.Content>
          <Tabs.Content value="events" className="grid grid-cols-1 gap-4">
            {span.events.length === 0 && span.links.length === 0 && <p className="text-muted">No events, no links.</p>}
            {span.events.map((event, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: events may share a time, and never change places
              <div key={i}>
                <p className="font-medium">
                  {event.name} <span className="font-normal text-muted">{formatTime(event.time)}</span>
                </p>
                <JsonView value={event.attributes} />
              </div>
            ))}
            {span.links.length > 0 && <Section title="Links" value={span.links} />}
          </Tabs.Content>
        </div>
      </Tabs.Root>
    </>
  )
}

function Exception({ span }: { span: Span }) {
  return (
    <section aria-label="Exception" className="rounded-md border border-bad/40 bg-bad/5 p-3">
      <p className="font-medium text-bad">{span.errorType || 'Error'}</p>
      <p className="mt-0.5 whitespace-pre-wrap [overflow-wrap:anywhere]">{span.errorMessage}</p>
      {span.errorStack !== '' && (
        <details className="mt-2">
          <summary className="cursor-pointer text-muted">Stack</summary>
          <pre className="mt-1 max-h-72 overflow-auto font-mono text-2xs">{span.errorStack}</pre>
        </details>
      )}
    </section>
  )
}

function Section({ title, value }: { title: string; value: unknown }) {
  return (
    <section aria-label={title}>
      <div className="mb-1.5 flex items-center gap-2">
        <h3 className="font-medium text-muted text-xs">{title}</h3>
        <span className="ml-auto" />
        {value !== null && value !== undefined && (
          <CopyButton label={title} text={typeof value === 'string' ? value : JSON.stringify(value, null, 2)} />
        )}
      </div>
      <ContentView value={value} />
    </section>
  )
}

const PARTS = [
  ['input', 'Input, not cached'],
  ['cacheRead', 'Cache read'],
  ['cacheWrite', 'Cache write'],
  ['cacheWrite1h', 'Cache write, 1 hour'],
  ['output', 'Output'],
  ['reasoning', 'Reasoning'],
  ['audioInput', 'Audio in'],
  ['audioOutput', 'Audio out'],
  ['images', 'Images'],
  ['requests', 'Requests'],
] as const

const SAVED_BY = { step_cache: 'the step cache', compaction: 'the summary of older messages' } as const
const savedText = ({ by, tokens, usd }: NonNullable<Span['saved']>) =>
  `Saved by ${SAVED_BY[by]}: ${formatExact(tokens)} tokens, ${formatUsd(usd)}`

function UsageTable({ span }: { span: Span }) {
  const rows = PARTS.filter(([part]) => span.usage[part] > 0)
  const saved = span.saved && <p className="mt-3 first:mt-0">{savedText(span.saved)}</p>
  if (rows.length === 0) return saved ?? <p className="text-muted">No usage was reported.</p>
  return (
    <>
      <table className="tabular w-full text-left">
        <thead className="text-2xs text-muted">
          <tr>
            <th className="pb-1 font-normal">Part</th>
            <th className="pb-1 text-right font-normal">Tokens</th>
            <th className="pb-1 text-right font-normal">Cost</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([part, label]) => (
            <tr key={part} className="border-t">
              <td className="py-1">{label}</td>
              <td className="text-right">{formatExact(span.usage[part])}</td>
              <td className="text-right">{span.cost.priced ? formatUsd(span.cost.parts[part] ?? '0') : 'no price'}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="border-t font-medium">
            <td className="py-1">Total</td>
            <td className="text-right">{formatExact(span.usage.total)}</td>
            <td className="text-right">{formatUsd(span.cost.total)}</td>
          </tr>
        </tfoot>
      </table>
      {saved}
      <p className="mt-3 text-2xs text-muted">
        {span.priceId === '' ? 'No price is known for this model.' : `Price: ${span.priceId}`}
        {!span.billable && ' · Not counted into sums: an inner span reports the same call.'}
      </p>
    </>
  )
}
