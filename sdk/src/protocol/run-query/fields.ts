import { RUN_STATUSES } from '../names.ts'

type Kind = 'text' | 'usd' | 'duration' | 'count' | 'time'

interface Field {
  readonly kind: Kind
  /** For people. */
  readonly what: string
  readonly example: string
  /** All there are, where nothing else is one. */
  readonly values?: readonly string[]
}

/** What a query can ask of a run, in the order in which completion offers it. */
export const RUN_QUERY_FIELDS = {
  status: { kind: 'text', what: 'queued, running, failed …', example: 'failed,crashed', values: RUN_STATUSES },
  agent: { kind: 'text', what: 'name of the agent', example: 'research' },
  error: { kind: 'text', what: 'part of the error’s type; in quotes: the whole type', example: 'Timeout' },
  step: { kind: 'text', what: 'step that it failed or crashed in', example: 'fact-check' },
  group: { kind: 'text', what: 'failure group', example: '4f2a9c' },
  cost: { kind: 'usd', what: 'US dollars, sub-agents included', example: '>0.5' },
  duration: { kind: 'duration', what: 'from its start to its end, or until now', example: '>30s' },
  tokens: { kind: 'count', what: 'all tokens, sub-agents included', example: '>10k' },
  started: { kind: 'time', what: 'how long ago, or a time', example: '<2h' },
  tag: { kind: 'text', what: 'one of its tags', example: 'nightly' },
  user: { kind: 'text', what: 'user id', example: 'ada' },
  session: { kind: 'text', what: 'session id', example: 's1' },
  version: { kind: 'text', what: 'version of the agent', example: '3' },
  executions: { kind: 'count', what: 'how often it was started or resumed', example: '>1' },
  id: { kind: 'text', what: 'the run’s id, or its begin or end', example: '0199c0de' },
} as const satisfies Record<string, Field>

export type RunQueryField = keyof typeof RUN_QUERY_FIELDS
export const RUN_QUERY_FIELD_NAMES = Object.keys(RUN_QUERY_FIELDS) as RunQueryField[]

export const fieldOf = (name: RunQueryField): Field => RUN_QUERY_FIELDS[name]
export const isRunQueryField = (name: string): name is RunQueryField => Object.hasOwn(RUN_QUERY_FIELDS, name)

/** The one that was probably meant: at most two letters away. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const lower = word.toLowerCase().slice(0, 40)
  const scored = known.map((name) => ({ name, distance: name.startsWith(lower) && lower.length > 1 ? 0.5 : distance(lower, name) }))
  const best = scored.toSorted((a, b) => a.distance - b.distance)[0]
  return best !== undefined && best.distance <= Math.min(2, Math.max(1, best.name.length - 2)) ? best.name : undefined
}

/** Letters to add, drop, change or swap with their neighbour. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      row.push(cost)
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}
