'use client'
import { useShortcuts } from '@/features/shell/commands'
import { parentOf } from './trace-index'
import type { TraceRowsProps } from './trace-rows'
import { type KeyPress, useNowhereKeys } from './use-nowhere-keys'
import { indexOfPosition, isFolded } from './visible-rows'

const LEVELS = ['2', '3', '4', '5', '6', '7', '8', '9'] as const

interface TraceKeysInput extends TraceRowsProps {
  readonly pageRows: number
  readonly focusLines: () => void
}

/** Keys of the waterfall. Characters act wherever the page has the focus; all of them where the lines have it, or nothing has. */
export function useTraceKeys(props: TraceKeysInput) {
  const act = useActs(props)
  const go = (key: string) => () => {
    props.focusLines()
    act(key)
  }
  const stay = (key: string) => () => act(key)
  useShortcuts('Waterfall', [
    { keys: 'j', what: 'Next line (or ↓)', run: go('j') },
    { keys: 'k', what: 'Line before (or ↑)', run: go('k') },
    { keys: ['ArrowRight', 'ArrowLeft'], what: 'Unfold, fold; into it, out of it' },
    { keys: 'Enter', what: 'Open the span; Esc closes it' },
    { keys: 'e', what: 'Next error', run: go('e') },
    { keys: 'E', what: 'Error before', run: go('E') },
    { keys: 'n', what: 'Next match', run: go('n') },
    { keys: 'N', what: 'Match before', run: go('N') },
    { keys: 'c', what: 'Critical path', run: stay('c') },
    { keys: 'z', what: 'Zoom to the span', run: stay('z') },
    { keys: '0', what: 'Show all of the time', run: stay('0') },
    { keys: '1', what: 'Show so many levels: 1 to 9', run: stay('1') },
    ...LEVELS.map((keys) => ({ keys, what: `Show ${keys} levels`, run: stay(keys), isUnlisted: true })),
    { keys: '*', what: 'Unfold all', run: stay('*') },
    { keys: '_', what: 'Fold all', run: stay('_') },
  ])
  const onKeyDown = (event: KeyPress): boolean => {
    if (event.ctrlKey || event.metaKey || event.altKey || !act(event.key)) return false
    event.preventDefault()
    return true
  }
  useNowhereKeys(onKeyDown, props.focusLines)
  return onKeyDown
}

/** What a key does; false: nothing. */
function useActs({ data, ends, folding, cursor, pageRows, onToggleCritical, onZoomTo, onZoomOut }: TraceKeysInput) {
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
  const acts = new Map<string, () => unknown>([
    ['ArrowDown', down],
    ['j', down],
    ['ArrowUp', up],
    ['k', up],
    ['PageDown', () => cursor.moveTo(at + pageRows)],
    ['PageUp', () => cursor.moveTo(at - pageRows)],
    ['Home', () => cursor.moveTo(0)],
    ['End', () => cursor.moveTo(folding.shown.length - 1)],
    ['ArrowRight', () => (isClosed ? folding.toggle(position) : hasChildren && down())],
    ['ArrowLeft', () => (hasChildren && !isClosed ? folding.toggle(position) : goToParent())],
    ['Enter', () => cursor.select(position)],
    [' ', () => hasChildren && folding.toggle(position)],
    ['Escape', () => cursor.select(null)],
    ['e', () => cursor.nextError()],
    ['E', () => cursor.nextError(true)],
    ['n', () => cursor.nextFound()],
    ['N', () => cursor.nextFound(true)],
    ['c', onToggleCritical],
    ['z', () => onZoomTo(data.table.columns.start[row] ?? 0, ends[row] ?? 0)],
    ['0', onZoomOut],
    ['*', () => folding.setLevel(null)],
    ['_', () => folding.setLevel(0)],
  ])
  return (key: string): boolean => {
    const act = /^[1-9]$/.test(key) ? () => folding.setLevel(Number(key) - 1) : acts.get(key)
    act?.()
    return act !== undefined
  }
}
