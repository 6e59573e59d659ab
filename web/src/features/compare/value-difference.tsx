'use client'
import { useMemo, useState } from 'react'
import { ContentView } from '@/features/run/content-view'
import { type Change, type Difference, diffJson, isUnchanged } from '@/lib/json-diff'
import { toText } from '@/ui/json-text'
import { JsonView } from '@/ui/json-view'
import { VisibleText } from '@/ui/visible-text'
import { pairTurns, type Turn, type TurnPair, toTurns } from './conversation-difference'
import { TextDifference } from './text-difference-view'

/** What differs between two values: turn by turn, path by path, or word by word, as they are. */
export function ValueDifference({ name, a, b }: { name: string; a: unknown; b: unknown }) {
  const [beside, setBeside] = useState(false)
  const difference = useMemo(() => diffJson(a ?? null, b ?? null), [a, b])
  const same = isUnchanged(difference)
  return (
    <section aria-label={name}>
      <div className="mb-1.5 flex flex-wrap items-center gap-2">
        <h3 className="font-medium text-muted text-xs">{name}</h3>
        <span className="text-2xs text-muted">{same ? (isNothing(a) ? 'none' : 'the same on both sides') : 'differs'}</span>
        {!isNothing(a) && !same && (
          <button
            type="button"
            aria-pressed={beside}
            onClick={() => setBeside(!beside)}
            className="ml-auto rounded border px-1.5 text-2xs text-muted hover:bg-raised"
          >
            Side by side
          </button>
        )}
      </div>
      {same ? !isNothing(a) && <ContentView value={a} /> : beside ? <Beside a={a} b={b} /> : <Differing a={a} b={b} changes={difference} />}
    </section>
  )
}

const isNothing = (value: unknown): boolean => value === null || value === undefined

function Differing({ a, b, changes }: { a: unknown; b: unknown; changes: Difference }) {
  if (typeof a === 'string' && typeof b === 'string') return <TextDifference a={a} b={b} />
  const [turnsA, turnsB] = [isNothing(a) ? null : toTurns(a), isNothing(b) ? null : toTurns(b)]
  if (turnsA !== null && turnsB !== null) return <ConversationDifference a={turnsA} b={turnsB} />
  if (isNothing(a) || isNothing(b) || typeof a !== 'object' || typeof b !== 'object') return <Beside a={a} b={b} />
  return <JsonChanges {...changes} />
}

const Beside = ({ a, b }: { a: unknown; b: unknown }) => (
  <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
    {(['A', 'B'] as const).map((side) => (
      <div key={side} className="min-w-0">
        <p className="mb-1 text-2xs text-muted">{side}</p>
        <ContentView value={side === 'A' ? a : b} />
      </div>
    ))}
  </div>
)

/** Turns that are drawn at first; conversations may have thousands. */
const TURNS = 60

function ConversationDifference({ a, b }: { a: readonly Turn[]; b: readonly Turn[] }) {
  const [shown, setShown] = useState(TURNS)
  const pairs = useMemo(() => pairTurns(a, b), [a, b])
  return (
    <ol className="grid grid-cols-1 gap-2">
      {pairs.slice(0, shown).map((pair, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: turns have no ids and never change places
        <li key={i} className="rounded-md border bg-bg p-2.5">
          <TurnView pair={pair} />
        </li>
      ))}
      {pairs.length > shown && (
        <button type="button" className="text-left text-accent hover:underline" onClick={() => setShown(shown + TURNS * 10)}>
          {pairs.length - shown} more messages
        </button>
      )}
    </ol>
  )
}

function TurnView({ pair: { a, b, isSame: same } }: { pair: TurnPair }) {
  const role = (a ?? b)?.role ?? ''
  const where = a === undefined ? 'only in B' : b === undefined ? 'only in A' : same ? 'same' : 'differs'
  const text = <TextDifference a={a?.text ?? ''} b={b?.text ?? ''} />
  return (
    <>
      <p className="mb-1 text-2xs text-muted">
        <span className="font-medium uppercase tracking-wide">
          <VisibleText text={role.slice(0, 80)} />
        </span>{' '}
        · {where}
      </p>
      {same ? (
        <details>
          <summary className="cursor-pointer truncate text-muted">
            {a?.text ? <VisibleText text={a.text.slice(0, 120)} /> : '(empty)'}
          </summary>
          {text}
        </details>
      ) : (
        text
      )}
    </>
  )
}

const WORDS = { added: 'only in B', removed: 'only in A', changed: 'changed' } as const

function JsonChanges({ changes, isCut }: { changes: readonly Change[]; isCut: boolean }) {
  return (
    <>
      <ul className="grid grid-cols-1 gap-1.5 rounded-md border bg-bg p-2.5 font-mono text-xs">
        {changes.map((change) => (
          <li key={change.path} className="[overflow-wrap:anywhere]">
            <span className="text-muted">
              <VisibleText text={change.path} />
            </span>{' '}
            <span className="text-2xs text-muted">{WORDS[change.kind]}</span>
            <JsonChange {...change} />
          </li>
        ))}
      </ul>
      {isCut && <p className="mt-1 text-2xs text-muted">There is more that differs: see both side by side.</p>}
    </>
  )
}

function JsonChange({ kind, before, after }: Change) {
  if (kind !== 'changed') return <JsonView value={kind === 'added' ? after : before} />
  return <TextDifference a={toText(before)} b={toText(after)} />
}
