import { Big } from 'big.js'
import type { Turn } from './conversation-model'

export interface SessionTotals {
  readonly tokens: number
  /** US dollars of the turns that have a price; null: none has. */
  readonly costUsd: string | null
  /** Calls without a price. */
  readonly unpriced: number
  readonly durationMs: number | null
  /** RFC 3339. */
  readonly lastSeen: string | null
}

export function sumTurns(turns: readonly Turn[]): SessionTotals {
  const traces = turns.flatMap((turn) => turn.trace ?? [])
  const parts = traces.flatMap((trace) => Object.values(trace.cost.parts))
  const unpriced = traces.reduce((sum, trace) => sum + trace.unpriced, 0)
  const sum = traces.reduce(
    (usd, trace) => usd.plus(trace.cost.total ?? Object.values(trace.cost.parts).reduce((a, b) => a.plus(b), new Big(0))),
    new Big(0),
  )
  const times = turns.flatMap(({ trace, run }) => [trace?.startTime, trace?.endTime, run?.createdAt, run?.endedAt ?? undefined])
  const ms = times.flatMap((time) => (time === undefined ? [] : [Date.parse(time)]))
  const first = ms.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const last = ms.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  return {
    tokens: traces.reduce((tokens, trace) => tokens + trace.usage.total, 0),
    costUsd: unpriced > 0 && parts.length === 0 && sum.eq(0) ? null : sum.toFixed(),
    unpriced,
    durationMs: ms.length === 0 ? null : last - first,
    lastSeen: ms.length === 0 ? null : new Date(last).toISOString(),
  }
}
