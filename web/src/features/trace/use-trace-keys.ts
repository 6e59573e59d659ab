'use client'
import type { KeyboardEvent } from 'react'
import type { PageCommand } from '@/features/shell/commands'
import { parentOf } from './trace-index'
import type { TraceRowsProps } from './trace-rows'
import { indexOfPosition, isFolded } from './visible-rows'

/** The keys of the waterfall for the sheet of shortcuts: they act where the lines have the focus. */
export const TRACE_KEYS: readonly PageCommand[] = [
  { keys: 'j', what: 'Next line (or ↓)' },
  { keys: 'k', what: 'Line before (or ↑)' },
  { keys: 'Enter', what: 'Open the span' },
  { keys: 'e', what: 'Next error; E: the one before' },
  { keys: 'f', what: 'Find in the trace' },
  { keys: 'n', what: 'Next match; N: the one before' },
  { keys: 'c', what: 'Critical path' },
  { keys: 'z', what: 'Zoom to the span; 0: show all' },
  { keys: '1', what: 'Show so many levels: 1 to 9' },
  { keys: '*', what: 'Unfold all; _: fold all' },
]

export function useTraceKeys(props: TraceRowsProps & { readonly pageRows: number }) {
  const { data, ends, folding, cursor, pageRows } = props
  const { index } = data
  const { at, position } = cursor
  const row = index.spanAt[position] ?? 0
  const hasChildren = (index.end[position] ?? 0) > position + 1
  const isClosed = hasChildren && isFolded(index, folding.fold, position)
  const goToParent = () => {
    const above = parentOf(index, row)
    if (above >= 0) cursor.moveTo(indexOfPosition(folding.shown, index.positionOf[above] ?? 0))
  }
  const down = () => cursor.moveTo(at + 1)
  const up = () => cursor.moveTo(at - 1)
  const actions = new Map<string, () => unknown>([
    ['ArrowDown', down],
    ['j', down],
    ['ArrowUp', up],
    ['k', up],
    ['PageDown', () => cursor.moveTo(at + pageRows)],
    ['PageUp', () => cursor.moveTo(at - pageRows)],
    ['Home', () => cursor.moveTo(0)],
    ['End', () => cursor.moveTo(folding.shown.length - 1)],
    ['ArrowRight', () => (isClosed ? folding.toggle(position) : down())],
    ['ArrowLeft', () => (hasChildren && !isClosed ? folding.toggle(position) : goToParent())],
    ['Enter', () => cursor.select(position)],
    [' ', () => hasChildren && folding.toggle(position)],
    ['Escape', () => cursor.select(null)],
    ['e', () => cursor.nextError()],
    ['E', () => cursor.nextError(true)],
    ['n', () => cursor.nextFound()],
    ['N', () => cursor.nextFound(true)],
    ['f', () => document.getElementById('find-in-trace')?.focus()],
    ['c', props.onToggleCritical],
    ['z', () => props.onZoomTo(data.table.columns.start[row] ?? 0, ends[row] ?? 0)],
    ['0', props.onZoomOut],
    ['*', () => folding.setLevel(null)],
    ['_', () => folding.setLevel(0)],
  ])
  return (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const level = /^[1-9]$/.test(event.key) ? Number(event.key) : null
    const action = level === null ? actions.get(event.key) : () => folding.setLevel(level - 1)
    if (action === undefined) return
    event.preventDefault()
    action()
  }
}
