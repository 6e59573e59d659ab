import type { SpanForest } from './span-forest.ts'
import type { ComparedSpan } from './spans-of-trace.ts'

/** Where in its run a span lies, and which step of which run called that one. */
export interface Place {
  readonly run: string
  readonly execution: number
  /** Empty: in no step. */
  readonly step: string
  readonly caller: Place | undefined
}

/** Runs that call each other this deep are followed. */
const MOST_CALLERS = 20

/** The place of each span that lies in a run: one that does not say its own has that of its parent. */
export function findPlaces({ inOrder, childrenOf }: SpanForest): Map<ComparedSpan, Place> {
  const places = new Map<ComparedSpan, Place>()
  for (const span of inOrder) {
    const place = places.get(span) ?? (span.run === '' ? undefined : placeOf(span, undefined))
    if (place === undefined) continue
    places.set(span, place)
    for (const child of childrenOf.get(span) ?? []) places.set(child, placeOf(child, place))
  }
  return places
}

function placeOf({ run, execution, step }: ComparedSpan, parent: Place | undefined): Place {
  if (parent === undefined) return { run, execution, step, caller: undefined }
  if (run === '') return parent
  if (run !== parent.run) return { run, execution, step, caller: parent }
  return { run, execution, step: step === '' ? parent.step : step, caller: parent.caller }
}

/** A place and those that called it. */
export function* callersOf(place: Place): Generator<Place> {
  let at: Place | undefined = place
  for (let depth = 0; at !== undefined && depth < MOST_CALLERS; depth++) {
    yield at
    at = at.caller
  }
}

/** Whether a place is in an execution of a run, or in what that called; of any of its executions where that is null. */
export function isIn(place: Place | undefined, runId: string, execution: number | null): boolean {
  if (place === undefined) return false
  for (const at of callersOf(place)) if (at.run === runId && (execution === null || at.execution === execution)) return true
  return false
}
