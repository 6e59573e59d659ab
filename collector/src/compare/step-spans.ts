import { callersOf, type Place } from './places.ts'
import type { ComparedSpan } from './spans-of-trace.ts'

/** What the spans say of a step in one execution. Cost in US dollars / 10^12; null: a price is missing. */
export interface StepSpan {
  /** The outermost of its spans; undefined where none has come. */
  readonly top: ComparedSpan | undefined
  /** Where that says no model or texts: a call inside it. */
  readonly inner: ComparedSpan | undefined
  readonly tokens: number
  readonly cost: bigint | null
}

const NOTHING: StepSpan = { top: undefined, inner: undefined, tokens: 0, cost: 0n }

/** By run, execution and step; what a step called counts into it. */
export class StepSpans {
  readonly #steps = new Map<string, { -readonly [K in keyof StepSpan]: StepSpan[K] }>()
  readonly #executions = new Map<string, Map<string, ComparedSpan>>()

  readonly #last = new Map<string, number>()

  /** The spans stand in an order in which parents come first. */
  constructor(places: ReadonlyMap<ComparedSpan, Place>) {
    for (const [span, place] of places) {
      this.#last.set(place.run, Math.max(place.execution, this.lastExecution(place.run)))
      for (const at of callersOf(place)) {
        const sum = this.#sumOf(at)
        if (at === place && span.run === at.run && span.step === at.step && at.step !== '') this.#setTop(sum, span)
        if (at === place && sum.inner === undefined && span.kind === 'model') sum.inner = span
        if (!span.billable) continue
        sum.tokens += span.tokens
        sum.cost = sum.cost === null || !span.priced ? null : sum.cost + span.cost
      }
    }
  }

  get(run: string, execution: number, step: string): StepSpan {
    return this.#steps.get(keyOf({ run, execution, step })) ?? NOTHING
  }

  /** The steps of an execution that have a span, each with its outermost, in the order of their start. */
  stepsOf(run: string, execution: number): ReadonlyMap<string, ComparedSpan> {
    return this.#executions.get(`${run} ${execution}`) ?? new Map()
  }

  /** The newest execution that a span tells of; 0: none does. */
  lastExecution(run: string): number {
    return this.#last.get(run) ?? 0
  }

  #sumOf(place: Place) {
    const key = keyOf(place)
    const known = this.#steps.get(key)
    if (known !== undefined) return known
    const sum = { ...NOTHING }
    this.#steps.set(key, sum)
    return sum
  }

  #setTop(sum: { top: ComparedSpan | undefined }, span: ComparedSpan): void {
    if (sum.top !== undefined) return
    sum.top = span
    const name = `${span.run} ${span.execution}`
    const steps = this.#executions.get(name) ?? new Map<string, ComparedSpan>()
    steps.set(span.step, span)
    this.#executions.set(name, steps)
  }
}

const keyOf = ({ run, execution, step }: Pick<Place, 'run' | 'execution' | 'step'>): string => `${run}\0${execution}\0${step}`
