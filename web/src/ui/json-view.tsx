'use client'
import { useState } from 'react'

const PAGE = 100
const LONG_CHARS = 2_000

/** A JSON value as a tree; deep and long ones open on demand, so that no value freezes the page. Text stays text. */
export function JsonView({ value, depth = 0, name }: { value: unknown; depth?: number; name?: string }) {
  const label = name === undefined ? null : <span className="text-muted">{name}: </span>
  if (value === null || typeof value !== 'object')
    return (
      <div className="[overflow-wrap:anywhere]">
        {label}
        <Scalar value={value} />
      </div>
    )
  return <Branch value={value} depth={depth} label={label} />
}

function Branch({ value, depth, label }: { value: object; depth: number; label: React.ReactNode }) {
  const [open, setOpen] = useState(depth < 2)
  const [shown, setShown] = useState(PAGE)
  const isArray = Array.isArray(value)
  const keys = Object.keys(value)
  if (keys.length === 0)
    return (
      <div>
        {label}
        {isArray ? '[]' : '{}'}
      </div>
    )
  return (
    <div>
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)} className="rounded text-left hover:bg-raised">
        <span aria-hidden className="inline-block w-3 text-muted">
          {open ? '▾' : '▸'}
        </span>
        {label}
        <span className="text-muted">{isArray ? `[${keys.length}]` : `{${keys.length}}`}</span>
      </button>
      {open && (
        <div className="ml-1.5 border-l pl-3">
          {keys.slice(0, shown).map((key) => (
            <JsonView key={key} name={key} value={(value as Record<string, unknown>)[key]} depth={depth + 1} />
          ))}
          {keys.length > shown && (
            <button type="button" className="text-accent hover:underline" onClick={() => setShown(shown + PAGE * 10)}>
              {keys.length - shown} more
            </button>
          )}
        </div>
      )}
    </div>
  )
}

function Scalar({ value }: { value: unknown }) {
  const [whole, setWhole] = useState(false)
  if (typeof value !== 'string') return <span className="text-info">{String(value)}</span>
  const text = whole || value.length <= LONG_CHARS ? value : `${value.slice(0, LONG_CHARS)}…`
  return (
    <span className="whitespace-pre-wrap">
      {text}
      {text !== value && (
        <button type="button" className="ml-1 text-accent hover:underline" onClick={() => setWhole(true)}>
          all {value.length} characters
        </button>
      )}
    </span>
  )
}
