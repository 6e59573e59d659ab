'use client'
import type { Cut } from '@cairn/sdk/protocol'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react'
import { cn } from './cn'
import { JsonRow } from './json-row'
import { JsonTools } from './json-tools'
import {
  codePathOf,
  flattenTree,
  isNode,
  openAll,
  openTo,
  PAGE,
  pointerOf,
  type TreePath,
  type TreeRow,
  type TreeView,
} from './json-tree-model'
import { usePartSource } from './part-source'

/** Fewer rows than this are all there, so that a short value needs no scrolling of its own. */
const MOST_PLAIN_ROWS = 80
const ROW_PX = 20

interface JsonViewProps {
  readonly value: unknown
  /** Higher: less of it is open at first. */
  readonly depth?: number
  /** JSON pointer to it in its span, where the rest of it may be loaded from. */
  readonly at?: string | undefined
}

/** A JSON value as a tree: of any depth and length, only the rows in sight are made. Text stays text. */
export function JsonView({ value, depth = 0, at }: JsonViewProps) {
  const source = usePartSource()
  const [view, setView] = useState<TreeView>(() => ({ ...start(value, at, source?.cuts), openDepth: Math.max(0, 2 - depth) }))
  const [active, setActive] = useState(0)
  const [problem, setProblem] = useState('')
  const scroller = useRef<HTMLDivElement>(null)
  const id = useId()
  const rows = useMemo(() => flattenTree(value, view), [value, view])
  const isVirtual = rows.length > MOST_PLAIN_ROWS
  const virtual = useVirtualizer({
    count: isVirtual ? rows.length : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  })
  if (!isNode(value)) return <JsonRow row={{ kind: 'scalar', depth: 0, path: null, value, isOpen: false, size: 0 }} at={at} />

  const toggle = (row: TreeRow) => setView({ ...view, opened: new Map(view.opened).set(row.value as object, !row.isOpen) })
  const more = async (row: TreeRow) => {
    const node = row.value as object
    if (row.kind === 'more') {
      const shown = view.shown.get(node) ?? PAGE
      return setView({ ...view, shown: new Map(view.shown).set(node, shown * 5) })
    }
    setProblem('')
    try {
      const extra = view.extra.get(node) ?? []
      const part = await source?.load(`${at ?? ''}${pointerOf(row.path)}`, sizeOf(node) + extra.length)
      if (part?.kind !== 'items') return
      const all = [...extra, ...part.entries]
      setView({ ...view, extra: new Map(view.extra).set(node, all), shown: new Map(view.shown).set(node, sizeOf(node) + all.length) })
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'The rest could not be loaded.')
    }
  }
  const act = (row: TreeRow) => (row.kind === 'node' ? toggle(row) : row.kind === 'scalar' ? undefined : void more(row))
  const go = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index))
    setActive(next)
    if (isVirtual) virtual.scrollToIndex(next)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[active]
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey || row === undefined) return
    if (event.key === 'ArrowDown') go(active + 1)
    else if (event.key === 'ArrowUp') go(active - 1)
    else if (event.key === 'Home') go(0)
    else if (event.key === 'End') go(rows.length - 1)
    else if (event.key === 'ArrowRight' && row.kind === 'node') row.isOpen ? go(active + 1) : toggle(row)
    else if (event.key === 'ArrowLeft' && row.kind === 'node' && row.isOpen) toggle(row)
    else if (event.key === 'ArrowLeft') go(parentIndex(rows, active))
    else if (event.key === 'Enter' || event.key === ' ') act(row)
    else if (event.key === 'c') void navigator.clipboard.writeText(codePathOf(row.path))
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const show = (path: TreePath) => {
    const next = { ...view, ...openTo(path, view) }
    setView(next)
    const index = flattenTree(value, next).findIndex((row) => row.path?.node === path.node && row.path.key === path.key)
    if (index !== -1) {
      setActive(index)
      requestAnimationFrame(() => virtual.scrollToIndex(index, { align: 'center' }))
    }
  }
  const rowProps = (row: TreeRow, index: number) => ({
    row,
    at: source !== null && source.cuts.size > 0 ? `${at ?? ''}${pointerOf(row.path)}` : undefined,
    id: `${id}-${index}`,
    isActive: index === active,
    onAct: () => {
      setActive(index)
      act(row)
    },
  })
  return (
    <div className="font-mono text-xs">
      {rows.length > 6 && (
        <JsonTools
          value={value}
          extra={view.extra}
          onFound={show}
          onOpenAll={() => setView({ ...view, opened: openAll(value), openDepth: 0 })}
          onCloseAll={() => setView({ ...view, opened: new Map([[value, true]]), openDepth: 1 })}
        />
      )}
      <div
        ref={scroller}
        role="tree"
        aria-label="JSON"
        tabIndex={0}
        aria-activedescendant={`${id}-${active}`}
        onKeyDown={onKeyDown}
        className={cn('group/tree overflow-x-auto rounded', isVirtual && 'max-h-[60vh] overflow-y-auto')}
      >
        {isVirtual ? (
          <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
            {virtual.getVirtualItems().map((item) => {
              const row = rows[item.index]
              return (
                row !== undefined && (
                  <div
                    key={item.key}
                    ref={virtual.measureElement}
                    data-index={item.index}
                    role="presentation"
                    className="absolute inset-x-0 top-0"
                    style={{ transform: `translateY(${item.start}px)` }}
                  >
                    <JsonRow {...rowProps(row, item.index)} />
                  </div>
                )
              )
            })}
          </div>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
          rows.map((row, i) => <JsonRow key={i} {...rowProps(row, i)} />)
        )}
      </div>
      {problem !== '' && <p className="text-bad">{problem}</p>}
    </div>
  )
}

const sizeOf = (node: object) => (Array.isArray(node) ? node.length : Object.keys(node).length)

function parentIndex(rows: readonly TreeRow[], index: number): number {
  const depth = rows[index]?.depth ?? 0
  for (let at = index - 1; at > 0; at--) if ((rows[at]?.depth ?? 0) < depth) return at
  return 0
}

/** Which of its lists and objects were sent cut. */
function start(value: unknown, at: string | undefined, cuts: ReadonlyMap<string, Cut> | undefined): Omit<TreeView, 'openDepth'> {
  const wholeSize = new Map<object, number>()
  for (const cut of cuts?.values() ?? []) {
    if (cut.kind !== 'items' || at === undefined || !(cut.at === at || cut.at.startsWith(`${at}/`))) continue
    let node: unknown = value
    for (const key of cut.at.slice(at.length).split('/').slice(1))
      node = isNode(node) ? (node as Record<string, unknown>)[key.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined
    if (isNode(node)) wholeSize.set(node, cut.of)
  }
  return { opened: new Map(), shown: new Map(), extra: new Map(), wholeSize }
}
