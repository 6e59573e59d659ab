/** One repetition: each operation's time, and how long all of them took. */
export interface Sample {
  readonly latenciesMs: readonly number[]
  readonly elapsedMs: number
}

export interface Summary {
  readonly operations: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly perSecond: number
}

/** Runs `lanes` loops side by side, each `times` operations long, and times every operation. */
export async function measure(lanes: number, times: number, operation: (lane: number, i: number) => Promise<unknown>): Promise<Sample> {
  const latenciesMs: number[] = []
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      for (let i = 0; i < times; i++) {
        const at = performance.now()
        await operation(lane, i)
        latenciesMs.push(performance.now() - at)
      }
    }),
  )
  return { latenciesMs, elapsedMs: performance.now() - startedAt }
}

export function summarise({ latenciesMs, elapsedMs }: Sample): Summary {
  const sorted = latenciesMs.toSorted((a, b) => a - b)
  const at = (share: number) => round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN)
  return { operations: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), perSecond: Math.round((sorted.length / elapsedMs) * 1_000) }
}

/** The repetition in the middle by throughput. */
export function medianOf(summaries: readonly Summary[]): Summary {
  const sorted = summaries.toSorted((a, b) => a.perSecond - b.perSecond)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new RangeError('nothing was measured')
  return middle
}

const round = (value: number): number => Math.round(value * 100) / 100
