import type { Row } from './build-rows.ts'

export interface JudgedError {
  readonly row: Row
  /** It did not fail the run: an attempt after it succeeded, or what called it went on. */
  readonly recovered: boolean
}

const isBad = ({ outcome }: Row) => outcome === 'error' || outcome === 'interrupted'

/**
 * What failed: first what explains how the trace ended, its deepest span on top, then other errors, then those that the run recovered
 * from; each deepest first.
 * @param failedStep of the run, where it is known
 */
export function judgeErrors(rows: readonly Row[], failedStep: string | null = null): JudgedError[] {
  const tree = new Tree(rows)
  const chain = tree.findChain(failedStep)
  const rank = (i: number, recovered: boolean) => (chain.has(i) ? 0 : recovered ? 2 : 1)
  return rows
    .flatMap((row, i) => (isBad(row) ? [{ row, i, recovered: tree.isRecovered(i, chain) }] : []))
    .sort((a, b) => rank(a.i, a.recovered) - rank(b.i, b.recovered) || b.row.depth - a.row.depth || a.i - b.i)
    .map(({ row, recovered }) => ({ row, recovered }))
}

/** Rows by their places: who is above whom, and what came after what. */
class Tree {
  readonly #rows: readonly Row[]
  /** -1: none. */
  readonly #parents: number[] = []
  readonly #children = new Map<number, number[]>()
  /** Parent and label → the last child so called: the last attempt, where there were several. */
  readonly #lastCalled = new Map<string, number>()
  readonly #lastBegin = new Map<number, number>()
  /** Roots of the last execution: of a trace of no run all of them. */
  readonly #lastTops: ReadonlySet<number>

  constructor(rows: readonly Row[]) {
    this.#rows = rows
    const path: number[] = []
    for (const [i, row] of rows.entries()) {
      path[row.depth] = i
      path.length = row.depth + 1
      const parent = row.depth === 0 ? -1 : (path[row.depth - 1] ?? -1)
      this.#parents.push(parent)
      const siblings = this.#children.get(parent)
      if (siblings === undefined) this.#children.set(parent, [i])
      else siblings.push(i)
      this.#lastCalled.set(`${parent}\0${row.label}`, i)
      this.#lastBegin.set(parent, Math.max(row.fromMs, this.#lastBegin.get(parent) ?? Number.NEGATIVE_INFINITY))
    }
    const tops = this.#children.get(-1) ?? []
    const execution = (i: number) => rows[i]?.execution ?? 0
    const last = tops.reduce((most, i) => Math.max(most, execution(i)), 0)
    this.#lastTops = new Set(tops.filter((i) => execution(i) === last))
  }

  /** From the root of the last execution, or the step that failed, down: at each span its child in error that ended last. */
  findChain(failedStep: string | null): Set<number> {
    const top = this.#latestBad(this.#lastTops)
    const chain = new Set<number>()
    if (top === undefined) return chain
    const start = this.#findStep(top, failedStep) ?? top
    for (let i: number | undefined = start; i !== undefined && i >= 0; i = this.#parents[i]) if (this.#isBadAt(i)) chain.add(i)
    for (let i = this.#latestBad(this.#children.get(start)); i !== undefined; i = this.#latestBad(this.#children.get(i))) chain.add(i)
    return chain
  }

  isRecovered(of: number, chain: ReadonlySet<number>): boolean {
    for (let i = of; i >= 0 && !chain.has(i); i = this.#parents[i] ?? -1) {
      const row = this.#rows[i]
      const parent = this.#parents[i] ?? -1
      if (row === undefined) return false
      if (parent < 0) return !this.#lastTops.has(i)
      const lastAttempt = this.#lastCalled.get(`${parent}\0${row.label}`) ?? i
      const last = this.#rows[lastAttempt] ?? row
      if (lastAttempt !== i && last.outcome === 'ok') return true
      if ((this.#lastBegin.get(parent) ?? 0) >= last.toMs && last.outcome !== 'open') return true
      if (this.#rows[parent]?.outcome === 'ok') return true
    }
    return false
  }

  #findStep(top: number, key: string | null): number | undefined {
    if (key === null) return undefined
    const isStep = (i: number) => this.#rows[i]?.span?.stepKey === key || this.#rows[i]?.label === key
    const found: number[] = []
    for (let i = top + 1; i < this.#rows.length && (this.#rows[i]?.depth ?? 0) > 0; i++)
      if (isStep(i) && !isStep(this.#parents[i] ?? -1)) found.push(i)
    return this.#latestBad(found)
  }

  #isBadAt(i: number): boolean {
    const row = this.#rows[i]
    return row !== undefined && isBad(row)
  }

  #latestBad(indices: Iterable<number> = []): number | undefined {
    let latest: number | undefined
    for (const i of indices)
      if (this.#isBadAt(i) && (latest === undefined || (this.#rows[i]?.toMs ?? 0) >= (this.#rows[latest]?.toMs ?? 0))) latest = i
    return latest
  }
}
