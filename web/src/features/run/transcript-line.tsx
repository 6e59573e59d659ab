'use client'
import type { TranscriptItem } from '@cairn/sdk/protocol'
import type { ReactNode } from 'react'
import { formatCount, formatMs, formatTime, formatUsd } from '@/lib/format'
import { useTimeZone } from '@/lib/preferences'
import { cn } from '@/ui/cn'
import { CopyButton } from '@/ui/copy-button'
import { JsonView } from '@/ui/json-view'
import { LongText } from '@/ui/long-text'
import { VisibleText } from '@/ui/visible-text'
import { PartView } from './content-view'
import { SpanParts } from './span-parts'
import { attemptText, errorText, type Line, lineText, markText, type Placed, placeOfPart } from './transcript-model'

interface TranscriptLineProps {
  readonly line: Line
  /** What was sought is in the part of it that isn't loaded. */
  readonly isBeyond: boolean
  readonly traceId: string
  readonly onShowSpan: (spanId: string) => void
}

const INDENT_PX = 24
const MOST_INDENTS = 8

export function TranscriptLine({ line, isBeyond, traceId, onShowSpan }: TranscriptLineProps) {
  const { item } = line
  const in_ = (of: TranscriptItem, children: ReactNode) => (
    <SpanParts traceId={traceId} spanId={of.span.spanId} cuts={of.cuts}>
      {children}
    </SpanParts>
  )
  const value = (of: TranscriptItem, { value, at }: Placed) =>
    in_(of, typeof value === 'string' ? <LongText text={value} at={at} first={2_000} /> : <JsonView value={value} at={at} depth={1} />)
  return (
    <div className="px-5 py-1.5" style={{ marginLeft: Math.min(item.depth, MOST_INDENTS) * INDENT_PX }}>
      {isBeyond && <p className="mb-0.5 text-2xs text-warn">Found in its span, further on than what is loaded here.</p>}
      {line.type === 'mark' && <Mark line={line} onShowSpan={onShowSpan} />}
      {line.type === 'call' && <CallLine line={line} onShowSpan={onShowSpan} />}
      {line.type === 'message' && (
        <Box title={line.role} tone={line.role} line={line}>
          {in_(
            item,
            line.parts.map((part, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: parts never change places
              <PartView key={i} part={part} at={placeOfPart(line, i)} />
            )),
          )}
        </Box>
      )}
      {line.type === 'tool' && (
        <Box
          title={line.name + attemptText(line)}
          tone="tool"
          line={line}
          {...(line.result === null ? {} : { spanId: line.result.item.span.spanId, onShowSpan })}
        >
          <div className="grid grid-cols-1 gap-1.5 font-mono text-xs">
            {isNothing(line.input) ? <span className="text-muted">No input.</span> : value(item, line.input)}
            <div className="border-t pt-1.5">
              {line.result === null || isNothing(line.result) ? (
                <span className="text-muted">No result.</span>
              ) : (
                value(line.result.item, line.result)
              )}
            </div>
            {line.result?.item.type === 'tool' && <Problem item={line.result.item} />}
          </div>
        </Box>
      )}
      {line.type === 'documents' && item.type === 'documents' && (
        <Box title={`${item.span.name}: documents`} tone="tool" line={line} spanId={item.span.spanId} onShowSpan={onShowSpan}>
          {value(item, { value: item.input, at: '/input' })}
          {value(item, { value: item.output, at: '/output' })}
          <Problem item={item} />
        </Box>
      )}
    </div>
  )
}

const isNothing = ({ value }: Placed) => value === null || value === undefined

const TONES: Readonly<Record<string, string>> = {
  user: 'border-l-info',
  assistant: 'border-l-accent',
  tool: 'border-l-warn',
  system: 'border-l-muted',
}

interface BoxProps {
  readonly title: string
  readonly tone: string
  readonly line: Line
  readonly spanId?: string
  readonly onShowSpan?: (spanId: string) => void
  readonly children: ReactNode
}

function Box({ title, tone, line, spanId, onShowSpan, children }: BoxProps) {
  return (
    <article className={cn('min-w-0 rounded-md border border-l-2 bg-panel px-3 py-2', TONES[tone] ?? 'border-l-line')}>
      <div className="mb-1 flex items-center gap-2">
        <p className="font-medium text-2xs text-muted uppercase tracking-wide">
          <VisibleText text={title.slice(0, 200)} />
        </p>
        <span className="ml-auto" />
        {spanId !== undefined && onShowSpan !== undefined && <ToSpan spanId={spanId} onShowSpan={onShowSpan} />}
        <CopyButton label={`${title.slice(0, 40)} message`} text={() => lineText(line)} />
      </div>
      {children}
    </article>
  )
}

const ToSpan = ({ spanId, onShowSpan }: { spanId: string; onShowSpan: (spanId: string) => void }) => (
  <button type="button" className="text-accent text-xs hover:underline" onClick={() => onShowSpan(spanId)}>
    span
  </button>
)

function CallLine({ line, onShowSpan }: { line: Line; onShowSpan: (spanId: string) => void }) {
  const { item } = line
  const { span } = item
  return (
    <div className="tabular flex flex-wrap items-baseline gap-x-3 text-2xs text-muted">
      <span className="font-medium text-fg">
        <VisibleText text={span.model || span.name} />
        {attemptText(line)}
      </span>
      <span>{formatMs(Number(span.durationNs) / 1e6)}</span>
      <span>
        {formatCount(span.usage.total)} tokens ({formatCount(span.usage.output + span.usage.reasoning)} out)
      </span>
      <span>{span.billable ? formatUsd(span.cost.total) : 'counted elsewhere'}</span>
      {item.type === 'call' && item.repeated > 0 && (
        <span>
          {item.repeated} earlier {item.repeated === 1 ? 'message' : 'messages'} sent again
        </span>
      )}
      <ToSpan spanId={span.spanId} onShowSpan={onShowSpan} />
      <Problem item={item} />
    </div>
  )
}

function Problem({ item: { span } }: { item: TranscriptItem }) {
  if (span.status !== 'error' && !span.interrupted) return null
  return (
    <p className="text-bad [overflow-wrap:anywhere]">
      {span.interrupted ? 'Cut off. ' : ''}
      <VisibleText text={errorText(span)} />
    </p>
  )
}

function Mark({ line, onShowSpan }: { line: Line; onShowSpan: (spanId: string) => void }) {
  useTimeZone()
  const { item } = line
  const isBad = item.type === 'crash' || item.type === 'error'
  return (
    <div className={cn('flex flex-wrap items-center gap-3 border-t pt-1.5 text-xs', isBad ? 'border-bad/50 text-bad' : 'text-muted')}>
      <span className="font-medium">
        <VisibleText text={markText(item) + attemptText(line)} />
      </span>
      <span className="tabular">{formatTime(item.type === 'crash' ? item.span.endTime : item.span.startTime)}</span>
      {item.type === 'error' && <Problem item={item} />}
      <ToSpan spanId={item.span.spanId} onShowSpan={onShowSpan} />
    </div>
  )
}
