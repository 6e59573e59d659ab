'use client'
import { ChevronsDownUp, ChevronsUpDown } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'
import { findInTree, type TreePath, type TreeView } from './json-tree-model'

interface JsonToolsProps {
  readonly value: object
  readonly extra: TreeView['extra']
  readonly onFound: (path: TreePath) => void
  readonly onOpenAll: () => void
  readonly onCloseAll: () => void
}

const BUTTON = 'rounded p-1 text-muted hover:bg-raised hover:text-fg'

/** Find in a tree, open all of it, close all of it. */
export function JsonTools({ value, extra, onFound, onOpenAll, onCloseAll }: JsonToolsProps) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(-1)
  const sought = useDeferredValue(text)
  const found = useMemo(() => findInTree(value, sought, extra), [value, sought, extra])
  const step = (by: number) => {
    if (found.hits.length === 0) return
    const next = (at + by + found.hits.length) % found.hits.length
    const hit = found.hits[next]
    setAt(next)
    if (hit !== undefined) onFound(hit)
  }
  return (
    <div className="mb-1 flex items-center gap-1 font-sans">
      <input
        type="search"
        aria-label="Find in this value"
        placeholder="Find"
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setAt(-1)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          step(event.shiftKey ? -1 : 1)
        }}
        className="h-6 w-28 rounded border bg-panel px-1.5 text-xs placeholder:text-muted"
      />
      {text !== '' && (
        <span role="status" className="tabular text-2xs text-muted">
          {found.hits.length === 0
            ? 'Not found'
            : `${at === -1 ? '' : `${at + 1} of `}${found.hits.length}${found.isCut ? ' or more' : ''}, Enter for the next`}
        </span>
      )}
      <span className="ml-auto" />
      <button type="button" aria-label="Open all" title="Open all" onClick={onOpenAll} className={BUTTON}>
        <ChevronsUpDown size={13} aria-hidden />
      </button>
      <button type="button" aria-label="Close all" title="Close all" onClick={onCloseAll} className={BUTTON}>
        <ChevronsDownUp size={13} aria-hidden />
      </button>
    </div>
  )
}
