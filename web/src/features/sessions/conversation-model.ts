import type { SessionCall, SessionRun, SessionTurn } from '@cairn/clickhouse'

/** A text of the conversation, by where it lies. */
export interface Piece {
  readonly key: string
  readonly scopeId: string
  readonly hash: string
  readonly from: 'system' | 'input' | 'output'
  readonly spanId: string
}

export interface Turn {
  readonly number: number
  readonly trace: SessionTurn | null
  readonly run: SessionRun | null
  readonly startTime: string
  readonly status: string
  /** What is new in it: what a turn sends again of the ones before is not repeated. */
  readonly pieces: readonly Piece[]
  /** Calls before it have answered: an assistant's message among its inputs repeats one of those. */
  readonly hasHistory: boolean
}

const FAILED = new Set(['failed', 'crashed', 'error'])
export const isFailed = (turn: Turn): boolean => FAILED.has(turn.status)

/** Turns in the order of time: traces with the runs they belong to, and runs of which no span has come. */
export function toTurns(turns: readonly SessionTurn[], calls: readonly SessionCall[], runs: readonly SessionRun[]): Turn[] {
  const runByTrace = new Map(runs.map((run) => [run.traceId, run]))
  const callsByTrace = Map.groupBy(calls, (call) => call.traceId)
  const traced = new Set(turns.map((turn) => turn.traceId))
  const places = [
    ...turns.map((trace) => ({ trace, run: runByTrace.get(trace.traceId) ?? null, startTime: trace.startTime })),
    ...runs.filter((run) => !traced.has(run.traceId)).map((run) => ({ trace: null, run, startTime: run.createdAt })),
  ].sort((a, b) => Date.parse(a.startTime) - Date.parse(b.startTime))
  const seen = new Set<string>()
  let hasHistory = false
  return places.map((place, at) => {
    const own = place.trace === null ? [] : (callsByTrace.get(place.trace.traceId) ?? [])
    const pieces = newPieces(own, seen)
    const turn = { ...place, number: at + 1, status: statusOf(place), pieces, hasHistory }
    hasHistory ||= pieces.some((piece) => piece.from === 'output')
    return turn
  })
}

function statusOf({ trace, run }: { trace: SessionTurn | null; run: SessionRun | null }): string {
  if (run !== null) return run.status
  return trace !== null && trace.errors > 0 ? 'error' : 'ok'
}

/** Of calls with messages; where there are none, what went into the root and came out of it. */
function newPieces(calls: readonly SessionCall[], seen: Set<string>): Piece[] {
  const models = calls.filter((call) => call.isModel && (call.inputHashes.length > 0 || call.outputHashes.length > 0))
  const chosen = models.length > 0 ? models : calls.filter((call) => !call.isModel)
  const pieces: Piece[] = []
  const add = (call: SessionCall, from: Piece['from'], hash: string) => {
    const key = `${call.scopeId} ${hash}`
    if (hash === '' || seen.has(key)) return
    seen.add(key)
    pieces.push({ key, scopeId: call.scopeId, hash, from, spanId: call.spanId })
  }
  for (const call of chosen) {
    add(call, 'system', call.systemHash)
    for (const hash of call.inputHashes) add(call, 'input', hash)
    for (const hash of call.outputHashes) add(call, 'output', hash)
  }
  return pieces
}

export interface Compaction {
  readonly throughPosition: number
  readonly tokensBefore: number
  readonly tokensAfter: number
  readonly runId: string | null
  readonly createdAt: string
}

/** A turn as the charts draw it. Dollars are numbers here: a picture's, not money that anybody adds up. */
export interface TurnPoint {
  readonly number: number
  readonly input: number
  readonly cacheRead: number
  readonly cacheWrite: number
  /** Null: no price. */
  readonly usd: number | null
  /** Summaries that came about in it, or since the one before. */
  readonly compactions: readonly Compaction[]
}

export function toPoints(turns: readonly Turn[], compactions: readonly Compaction[]): TurnPoint[] {
  const byTurn = Map.groupBy(compactions, (compaction) => turnOf(turns, compaction))
  return turns.map((turn) => ({
    number: turn.number,
    input: turn.trace?.context?.input ?? 0,
    cacheRead: turn.trace?.context?.cacheRead ?? 0,
    cacheWrite: turn.trace?.context?.cacheWrite ?? 0,
    usd: turn.trace === null ? 0 : turn.trace.cost.total === null ? null : Number(turn.trace.cost.total),
    compactions: byTurn.get(turn.number) ?? [],
  }))
}

/** Dollars of the dearest turn that has a price; null: none has. */
export function dearestOf(points: readonly TurnPoint[]): number | null {
  const priced = points.flatMap((point) => point.usd ?? [])
  return priced.length === 0 ? null : Math.max(...priced)
}

/** The turn whose run made it; of one that names none, the last that had begun. */
function turnOf(turns: readonly Turn[], { runId, createdAt }: Compaction): number {
  const made = runId === null ? undefined : turns.find((turn) => turn.run?.runId === runId || turn.trace?.runId === runId)
  const begun = turns.findLast((turn) => Date.parse(turn.startTime) <= Date.parse(createdAt))
  return (made ?? begun ?? turns[0])?.number ?? 0
}
