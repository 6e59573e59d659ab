'use client'
import { cn } from './cn'
import type { TreeRow } from './json-tree-model'
import { LongText } from './long-text'
import { VisibleText } from './visible-text'

const INDENT_PX = 14
/** Deeper rows say their depth instead: ten thousand levels have no room. */
const MOST_INDENTS = 30
const KEY_CHARS = 200
const FIRST_CHARS = 600
const COUNT = new Intl.NumberFormat('en')

interface JsonRowProps {
  readonly row: TreeRow
  /** JSON pointer to its value in the span, where parts of that were cut. */
  readonly at?: string | undefined
  readonly id?: string
  readonly isActive?: boolean
  readonly onAct?: () => void
}

/** One line of a JSON tree. */
export function JsonRow({ row, at, id, isActive = false, onAct }: JsonRowProps) {
  const { kind, depth, value } = row
  if (onAct === undefined) return <Scalar value={value} at={at} />
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus, by aria-activedescendant
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys of its rows
    <div
      id={id}
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={isActive}
      {...(kind === 'node' ? { 'aria-expanded': row.isOpen } : {})}
      onClick={kind === 'scalar' ? undefined : onAct}
      className={cn(
        'flex items-start gap-1 rounded-sm px-1',
        kind !== 'scalar' && 'cursor-pointer hover:bg-raised',
        isActive && 'group-focus-visible/tree:bg-raised',
      )}
      style={{ paddingLeft: 4 + Math.min(depth, MOST_INDENTS) * INDENT_PX }}
    >
      {depth > MOST_INDENTS && <span className="shrink-0 text-2xs text-muted">{depth}</span>}
      <span aria-hidden className="w-3 shrink-0 text-muted">
        {kind === 'node' && row.size > 0 && (row.isOpen ? '▾' : '▸')}
      </span>
      {kind === 'more' || kind === 'end' ? (
        <span className="text-accent">
          {COUNT.format(row.size)} more{kind === 'end' && ', not loaded yet'}
        </span>
      ) : (
        <>
          {row.path !== null && <Key text={row.path.key} isIndex={Array.isArray(row.path.node)} />}
          {kind === 'node' ? <Size value={value} size={row.size} /> : <Scalar value={value} at={at} />}
        </>
      )}
    </div>
  )
}

const Key = ({ text, isIndex }: { text: string; isIndex: boolean }) => (
  <span className={cn('shrink-0 whitespace-pre text-muted', text.length > 40 && 'shrink [overflow-wrap:anywhere] whitespace-pre-wrap')}>
    <VisibleText text={text.length > KEY_CHARS ? `${text.slice(0, KEY_CHARS)}…` : text} />
    {text.length > KEY_CHARS && ` (${COUNT.format(text.length)} characters)`}
    {isIndex ? '' : ':'}
  </span>
)

function Size({ value, size }: { value: unknown; size: number }) {
  const isList = Array.isArray(value) || value instanceof Set
  return (
    <span className="text-muted">
      {size === 0 ? (isList ? '[]' : '{}') : isList ? `[${COUNT.format(size)}]` : `{${COUNT.format(size)}}`}
    </span>
  )
}

function Scalar({ value, at }: { value: unknown; at: string | undefined }) {
  if (typeof value === 'string') return <LongText text={value} at={at} first={FIRST_CHARS} className="min-w-0 flex-1" />
  if (value instanceof Uint8Array) return <span className="text-muted">{COUNT.format(value.length)} bytes</span>
  if (value instanceof Date)
    return <span className="text-info">{Number.isNaN(value.getTime()) ? 'Invalid date' : value.toISOString()}</span>
  return <span className="text-info">{typeof value === 'bigint' ? `${value}n` : String(value)}</span>
}
