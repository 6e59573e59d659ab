/** One interval of the chart: when it begins, and how many runs had each outcome. */
export interface Point {
  readonly at: number
  readonly succeeded: number
  readonly failed: number
  readonly crashed: number
  readonly other: number
}

interface Row {
  readonly at: string
  readonly status: string
  readonly runs: number
}

const OWN = ['succeeded', 'failed', 'crashed'] as const

/** Every interval of the range, the empty ones too: a gap in the data is a gap in the picture. */
export function toPoints(rows: readonly Row[], range: { fromMs: number; toMs: number; intervalSeconds: number }): Point[] {
  const step = range.intervalSeconds * 1_000
  const first = Math.floor(range.fromMs / step) * step
  const counts = new Map<number, Record<string, number>>()
  for (const row of rows) {
    const at = Math.floor(Date.parse(row.at) / step) * step
    const point = counts.get(at) ?? {}
    const key = (OWN as readonly string[]).includes(row.status) ? row.status : 'other'
    point[key] = (point[key] ?? 0) + row.runs
    counts.set(at, point)
  }
  const points: Point[] = []
  for (let at = first; at <= range.toMs; at += step) {
    const point = counts.get(at) ?? {}
    points.push({ at, succeeded: point.succeeded ?? 0, failed: point.failed ?? 0, crashed: point.crashed ?? 0, other: point.other ?? 0 })
  }
  return points
}
