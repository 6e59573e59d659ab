import { TriangleAlert } from 'lucide-react'
import { type CSSProperties, memo } from 'react'
import { kindColor } from '@/features/run/kind-color'
import { formatMs, formatUsd } from '@/lib/format'
import { cn } from '@/ui/cn'
import type { SpanFacts } from './span-facts'

const NAME_MIN_PX = 176
const NAME_SHARE = 0.32
const NAME_MAX_PX = 416
/** Width of the names before the axis. */
export const NAME_WIDTH = `clamp(${NAME_MIN_PX}px, ${NAME_SHARE * 100}%, ${NAME_MAX_PX}px)`
/** Width of the axis in a waterfall of this width. */
export const axisWidth = (px: number) => px - Math.min(NAME_MAX_PX, Math.max(NAME_MIN_PX, px * NAME_SHARE))
export const ROW_PX = 26
const DEEPEST_INDENT = 24

export interface TraceRowProps {
  readonly id: string
  readonly facts: SpanFacts
  /** Where the bar lies on the axis; outside 0…1 where it is not in view. */
  readonly x0: number
  readonly x1: number
  /** Where the first token came; NaN: unknown. */
  readonly firstToken: number
  readonly durationMs: number
  /** Milliseconds in which no child ran; null: not known yet, or there is no child. */
  readonly selfMs: number | null
  readonly depth: number
  /** Spans below it. */
  readonly below: number
  readonly isFolded: boolean
  readonly isCheckpoint: boolean
  /** Tries of the step before this one. */
  readonly triesBefore: number
  /** Among its siblings, from 1; 0: not known yet. */
  readonly placeInSet: number
  readonly setSize: number
  readonly isMatch: boolean
  /** Drawn pale: not on the critical path, which is what is looked at. */
  readonly isPale: boolean
  readonly isCritical: boolean
  readonly isCursor: boolean
  readonly isSelected: boolean
  readonly top: number
  /** Width of the axis in CSS pixels. */
  readonly axisPx: number
  readonly position: number
}

/** A line of the waterfall. It only draws: the tree that holds it has the focus, the keys and the clicks. */
export const TraceRow = memo(function TraceRow(props: TraceRowProps) {
  const { id, durationMs, selfMs, depth, below, isFolded, isSelected } = props
  const duration = formatMs(durationMs)
  const { rest, place } = fitLabel(props, duration)
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus and names the active row
    <div
      id={`row-${id}`}
      data-testid="waterfall-row"
      data-position={props.position}
      role="treeitem"
      aria-level={depth + 1}
      aria-posinset={props.placeInSet || undefined}
      aria-setsize={props.setSize || undefined}
      aria-selected={isSelected}
      aria-expanded={below > 0 ? !isFolded : undefined}
      className={cn(
        'absolute inset-x-0 flex cursor-pointer items-center hover:bg-raised',
        props.isMatch && 'bg-warn/15',
        isSelected && 'bg-accent/10',
        props.isCursor && 'shadow-[inset_2px_0_0_var(--accent)]',
      )}
      style={{ top: props.top, height: ROW_PX }}
    >
      <Names {...props} />
      <div className="relative mr-3 h-full flex-1 overflow-hidden">
        <Bar {...props} />
        <span
          className="tabular absolute top-[5px] whitespace-nowrap rounded-sm bg-bg/70 px-1 text-2xs text-muted"
          style={place}
          title={selfMs === null ? undefined : `self ${formatMs(selfMs)} of ${duration}`}
        >
          {duration}
          {rest}
          <span className="sr-only">{stateText(props)}</span>
        </span>
      </div>
    </div>
  )
})

function labelRest({ facts, selfMs, durationMs }: TraceRowProps): string {
  const self = selfMs !== null && selfMs > 0 && selfMs < durationMs ? ` · self ${formatMs(selfMs)}` : ''
  return `${self}${facts.usd === undefined ? '' : ` · ${formatUsd(facts.usd)}`}`
}

/** What is drawn, in words: a line's name is its text, as whoever speaks to the page reads it. */
function stateText({ facts, isCheckpoint, isCritical }: TraceRowProps): string {
  const state = facts.isInterrupted ? ', interrupted' : facts.isFailed ? ', failed' : facts.goesOn ? ', running' : ''
  return `${state}${isCheckpoint ? ', checkpoint' : ''}${isCritical ? ', on the critical path' : ''}`
}

function Names({ facts, depth, below, isFolded, triesBefore }: TraceRowProps) {
  return (
    <div
      className="flex h-full shrink-0 items-center gap-1 overflow-hidden pr-2"
      style={{ width: NAME_WIDTH, paddingLeft: 10 + Math.min(depth, DEEPEST_INDENT) * 13 }}
    >
      <span aria-hidden data-fold className="w-3.5 shrink-0 text-center text-muted">
        {below > 0 ? (isFolded ? '▸' : '▾') : ''}
      </span>
      {facts.isFailed && <TriangleAlert size={12} aria-hidden className="shrink-0 text-bad" />}
      <span className={cn('truncate', facts.execution !== null && 'font-medium', facts.isFailed && 'text-bad')}>
        {facts.label}
        <span className="sr-only">, {facts.kind},</span>
      </span>
      {facts.label !== facts.name && <span className="truncate text-muted">{facts.name}</span>}
      {triesBefore > 0 && <span className="shrink-0 rounded bg-raised px-1 text-2xs text-warn">attempt {triesBefore + 1}</span>}
      {facts.execution !== null && <span className="shrink-0 rounded bg-raised px-1 text-2xs text-muted">execution {facts.execution}</span>}
      {isFolded && below > 0 && <span className="tabular shrink-0 text-2xs text-muted">+{below}</span>}
    </div>
  )
}

function Bar({ facts, x0, x1, firstToken, isCheckpoint, isPale }: TraceRowProps) {
  if (x1 < 0 || x0 > 1) return null
  // Far outside the view it would be wider than a browser can draw.
  const from = Math.max(-0.01, x0)
  const to = Math.min(1.01, x1)
  return (
    <div
      data-testid="bar"
      aria-hidden
      className={cn(
        'absolute top-[7px] h-3 min-w-[3px] rounded-[3px]',
        facts.isInterrupted && 'hatched border border-bad',
        facts.goesOn && 'opacity-70 motion-safe:animate-pulse',
        isPale && 'opacity-25',
      )}
      style={{
        left: `${from * 100}%`,
        width: `${(to - from) * 100}%`,
        ...(facts.isInterrupted ? {} : { background: facts.isFailed ? 'var(--bad)' : kindColor(facts.kind) }),
      }}
    >
      {firstToken > from && firstToken < to && (
        <span
          className="absolute inset-y-0 w-px bg-bg"
          style={{ left: `${((firstToken - from) / (to - from)) * 100}%` }}
          title="first token"
        />
      )}
      {isCheckpoint && x1 <= 1.01 && (
        <span className="-right-[3px] absolute top-[3px] size-1.5 rotate-45 bg-good ring-1 ring-bg" title="checkpoint stored" />
      )}
    </div>
  )
}

const CHARACTER_PX = 6
const LABEL_PADDING_PX = 20

/**
 * After the bar; before it where there is no room after it; else within the bar's end. Before an execution that was resumed the crash is
 * told of: there is room for its duration alone.
 */
function fitLabel(props: TraceRowProps, duration: string): { rest: string; place: CSSProperties } {
  const { x0, x1, axisPx, facts } = props
  const rest = labelRest(props)
  const px = (duration.length + rest.length) * CHARACTER_PX + LABEL_PADDING_PX
  const from = Math.min(1, Math.max(0, x0))
  const to = Math.min(1, Math.max(0, x1))
  if ((1 - to) * axisPx >= px) return { rest, place: { left: `calc(${to * 100}% + 4px)` } }
  const isToldOf = facts.execution !== null && facts.execution > 1
  if (from * axisPx >= px && !isToldOf) return { rest, place: { right: `calc(${(1 - from) * 100}% + 2px)` } }
  const fits = !isToldOf || (to - from) * axisPx >= px
  return { rest: fits ? rest : '', place: { right: `calc(${(1 - to) * 100}% + 4px)` } }
}
