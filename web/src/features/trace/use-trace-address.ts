'use client'
import {
  createParser,
  type inferParserType,
  type Nullable,
  parseAsArrayOf,
  parseAsBoolean,
  parseAsInteger,
  parseAsString,
  useQueryStates,
} from 'nuqs'
import { useCallback, useEffect, useRef } from 'react'

/** Milliseconds since the trace's origin: `12.5-80`. */
const parseAsZoom = createParser<readonly [from: number, to: number]>({
  parse: (text) => {
    const [, from, to] = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(text) ?? []
    return from === undefined || to === undefined || Number(to) <= Number(from) ? null : [Number(from), Number(to)]
  },
  serialize: ([from, to]) => `${round(from)}-${round(to)}`,
  eq: (a, b) => a[0] === b[0] && a[1] === b[1],
})
const round = (ms: number) => Number(ms.toFixed(6))

const parseAsSpanId = createParser<string>({
  parse: (text) => (/^[0-9a-f]{16}$/.test(text) ? text : null),
  serialize: (id) => id,
})

// One act is one step back, but for what changes with each key: the line while it moves, and the text while it is typed.
const act = { history: 'push' } as const

const PARSERS = {
  /** Id of the selected span. */
  span: parseAsString,
  find: parseAsString.withDefault(''),
  /** Folded from this level on. */
  level: parseAsInteger.withOptions(act),
  /** Ids of spans that are folded, or open, otherwise than the level says. */
  folded: parseAsArrayOf(parseAsSpanId).withDefault([]).withOptions(act),
  zoom: parseAsZoom.withOptions(act),
  /** Idle gaps at their full length. */
  gaps: parseAsBoolean.withDefault(false).withOptions(act),
  /** Only the critical path is drawn in full colour. */
  critical: parseAsBoolean.withDefault(false).withOptions(act),
}

/** What of a trace is shown and how, in the address: a link shows another person the same, and Back undoes the last act. */
export function useTraceAddress() {
  const [address, setAddress] = useQueryStates(PARSERS, { history: 'replace', throttleMs: 150 })
  const now = useRef(address)
  useEffect(() => {
    now.current = address
  })
  // What changes nothing is no act: Back would then do nothing.
  const change = useCallback(
    (next: Partial<Nullable<Address>>, options?: Parameters<typeof setAddress>[1]) => {
      const isSame = (Object.keys(next) as (keyof Address)[]).every(
        (name) => plain(next[name] ?? NOTHING[name]) === plain(now.current[name]),
      )
      return isSame ? Promise.resolve() : setAddress(next, options)
    },
    [setAddress],
  )
  return [address, change] as const
}

type Address = inferParserType<typeof PARSERS>
const NOTHING: Partial<Address> = { find: '', folded: [], gaps: false, critical: false }
const plain = (value: unknown) => JSON.stringify(value ?? null)

/** How the selection goes into the address: opening and closing are acts, another line is not. */
export const selecting = (before: string | null, next: string | null) =>
  (before === null) === (next === null) ? ({ history: 'replace' } as const) : act
