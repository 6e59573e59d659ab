'use client'
import { createParser, parseAsBoolean, parseAsInteger, parseAsString, useQueryStates } from 'nuqs'

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

/** What of a trace is shown and how, in the address: a link shows another person the same. */
export function useTraceAddress() {
  return useQueryStates(
    {
      /** Id of the selected span. */
      span: parseAsString,
      find: parseAsString.withDefault(''),
      /** Folded from this level on. */
      level: parseAsInteger,
      zoom: parseAsZoom,
      /** Idle gaps at their full length. */
      gaps: parseAsBoolean.withDefault(false),
      /** Only the critical path is drawn in full colour. */
      critical: parseAsBoolean.withDefault(false),
    },
    { history: 'replace', throttleMs: 150 },
  )
}
