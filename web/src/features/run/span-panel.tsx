'use client'
import type { Span } from '@cairn/sdk/protocol'
import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { Tabs } from 'radix-ui'
import { type KeyboardEvent, type PointerEvent, useEffect } from 'react'
import { formatMs } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Empty, Failure, Loading } from '@/ui/states'
import { StatusBadge } from '@/ui/status-badge'
import { TAB } from '@/ui/tab'
import { useStored } from '@/ui/use-stored'
import { VisibleText } from '@/ui/visible-text'
import { ProseToggle } from './content-view'
import { Attributes, Events } from './span-attributes'
import { Content, Exception, NewInput, StepOutput, StepState } from './span-content'
import { SpanParts } from './span-parts'
import { UsageTable } from './span-usage'

interface SpanPanelProps {
  readonly traceId: string
  readonly spanId: string
  /** It has begun and not ended: there is nothing of it to read yet. */
  readonly goesOn: boolean
  readonly onClose: () => void
}

const NARROWEST_PX = 320
const WIDEST_PX = 1_200
const STEP_PX = 40

/** All of one span: what went in and came out, what it cost, what it threw, and every attribute that was sent. */
export function SpanPanel({ traceId, spanId, goesOn, onClose }: SpanPanelProps) {
  const trpc = useTRPC()
  const span = useQuery({ ...trpc.views.span.queryOptions({ traceId: traceId as never, spanId: spanId as never }), enabled: !goesOn })
  const [stored, setStored] = useStored('panel', '540')
  const width = clamp(Number(stored))
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      const isElsewhere = document.querySelector('[role="dialog"]') !== null || event.defaultPrevented
      if (event.key === 'Escape' && !isElsewhere && !isTyping(event.target)) onClose()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [onClose])
  return (
    <aside
      aria-label="Span"
      className="relative flex min-h-0 w-full flex-col border-t bg-panel max-lg:max-h-[70vh] lg:w-(--panel-width) lg:shrink-0 lg:border-t-0 lg:border-l"
      style={{ '--panel-width': `min(${width}px, 58%)` } as React.CSSProperties}
    >
      <Grip width={width} onWidth={(next) => setStored(String(clamp(next)))} />
      {span.error !== null && <Failure error={span.error} />}
      {goesOn && <Empty title="It still runs">Its input, output and cost are here when it ends.</Empty>}
      {span.isPending && !goesOn && <Loading what="the span" />}
      {span.data !== undefined && (
        <SpanParts traceId={traceId} spanId={spanId} cuts={span.data.cuts ?? []}>
          <Body key={spanId} span={span.data} onClose={onClose} />
        </SpanParts>
      )}
    </aside>
  )
}

const clamp = (px: number) => Math.min(WIDEST_PX, Math.max(NARROWEST_PX, Number.isFinite(px) ? px : 540))
const isTyping = (target: EventTarget | null) => target instanceof HTMLElement && target.matches('input, textarea, select')

/** The panel's edge: drawn by the pointer, or moved by arrow keys. */
function Grip({ width, onWidth }: { width: number; onWidth: (px: number) => void }) {
  const onPointerDown = (down: PointerEvent<HTMLDivElement>) => {
    const from = down.clientX
    const grip = down.currentTarget
    grip.setPointerCapture(down.pointerId)
    const move = (event: globalThis.PointerEvent) => onWidth(width + from - event.clientX)
    grip.addEventListener('pointermove', move)
    grip.addEventListener('lostpointercapture', () => grip.removeEventListener('pointermove', move), { once: true })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowLeft' ? STEP_PX : event.key === 'ArrowRight' ? -STEP_PX : 0
    if (by === 0) return
    event.preventDefault()
    event.stopPropagation()
    onWidth(width + by)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves is no <hr>
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the panel"
      aria-valuenow={width}
      aria-valuemin={NARROWEST_PX}
      aria-valuemax={WIDEST_PX}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
      className="absolute inset-y-0 -left-1 z-10 hidden w-2 cursor-col-resize touch-none hover:bg-accent/30 focus-visible:bg-accent/40 lg:block"
    />
  )
}

const TABS = { content: 'Input and output', usage: 'Usage and cost', attributes: 'Attributes', events: 'Events' } as const
const TAB_NAMES = Object.keys(TABS) as (keyof typeof TABS)[]

function Body({ span, onClose }: { span: Span; onClose: () => void }) {
  const [stored, setStored] = useStored('panel-tab', 'content')
  // A link shows the same part to another person; without it the reader's own choice stands.
  const [asked, setAsked] = useQueryState('tab', parseAsStringLiteral([...TAB_NAMES, 'state']))
  const hasState = span.runId !== '' && span.stepKey !== ''
  const tab = [asked, stored].find((name) => name !== null && (name in TABS || (name === 'state' && hasState))) ?? 'content'
  const setTab = (name: string) => {
    setStored(name)
    void setAsked(name as 'state')
  }
  const state = span.interrupted ? 'interrupted' : span.status === 'error' ? 'error' : 'ok'
  const exception = span.errorType !== '' || span.errorMessage !== ''
  return (
    <>
      <header className="flex items-start gap-2 border-b px-4 py-3">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold [overflow-wrap:anywhere]">
            <VisibleText text={span.name.slice(0, 500)} />
          </h2>
          <p className="tabular mt-0.5 flex flex-wrap gap-x-3 text-muted">
            <StatusBadge status={state} /> <span>{span.kind}</span> <span>{formatMs(Number(span.durationNs) / 1e6)}</span>
            {span.model !== '' && (
              <span className="[overflow-wrap:anywhere]">
                <VisibleText text={span.model.slice(0, 200)} />
              </span>
            )}
            {span.timeToFirstTokenMs !== null && <span>first token {formatMs(span.timeToFirstTokenMs)}</span>}
          </p>
        </div>
        <Button variant="ghost" size="icon" aria-label="Close span" onClick={onClose}>
          <X size={15} aria-hidden />
        </Button>
      </header>
      <Tabs.Root value={tab} onValueChange={setTab} className="flex min-h-0 flex-1 flex-col">
        <Tabs.List aria-label="Parts of the span" className="flex gap-4 overflow-x-auto whitespace-nowrap border-b px-4">
          {Object.entries(TABS).map(([name, label]) => (
            <Tabs.Trigger key={name} value={name} className={TAB}>
              {label}
              {name === 'events' && span.events.length > 0 && ` ${span.events.length}`}
            </Tabs.Trigger>
          ))}
          {hasState && (
            <Tabs.Trigger value="state" className={TAB}>
              State
            </Tabs.Trigger>
          )}
        </Tabs.List>
        <div className="min-h-0 flex-1 overflow-y-auto p-4">
          <Tabs.Content value="content" className="grid grid-cols-1 gap-5">
            {exception && <Exception span={span} />}
            <ProseToggle />
            {span.system !== null && <Content title="System" value={span.system} at="/system" />}
            <Content
              title="Input"
              value={span.messages ?? span.input}
              at={span.messages !== null && span.messages !== undefined ? '/messages' : '/input'}
            />
            {span.kind === 'model' && span.input !== null && <NewInput traceId={span.traceId} spanId={span.spanId} />}
            {hasState && span.output === null ? <StepOutput span={span} /> : <Content title="Output" value={span.output} at="/output" />}
          </Tabs.Content>
          <Tabs.Content value="usage">
            <UsageTable span={span} />
          </Tabs.Content>
          <Tabs.Content value="attributes" className="grid grid-cols-1 gap-5">
            <Attributes title="Attributes" values={span.attributes} at="/attributes" of={span} />
            {Object.keys(span.metadata).length > 0 && <Attributes title="Metadata" values={span.metadata} at="/metadata" of={span} />}
            <Attributes title="Resource" values={span.resource} at="/resource" of={span} />
            <Attributes
              title="Ids and scope"
              values={{ traceId: span.traceId, spanId: span.spanId, parentSpanId: span.parentSpanId, ...span.scope }}
              at="/ids"
              of={span}
            />
          </Tabs.Content>
          <Tabs.Content value="events" className="grid grid-cols-1 gap-4">
            <Events span={span} />
          </Tabs.Content>
          {hasState && (
            <Tabs.Content value="state">
              <StepState runId={span.runId} stepKey={span.stepKey} />
            </Tabs.Content>
          )}
        </div>
      </Tabs.Root>
    </>
  )
}
