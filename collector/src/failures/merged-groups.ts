import type { MergedGroup } from '@cairn/clickhouse'
import { type FailureMergeRow, listFailureMerges } from '@cairn/prisma'
import type { CollectorContext } from '../context.ts'

/** Which group each one counts as a part of, at the top. */
export class MergedGroups {
  readonly merged: readonly MergedGroup[]
  readonly #roots: ReadonlyMap<string, string>
  readonly #merges: readonly FailureMergeRow[]

  constructor(merges: readonly FailureMergeRow[]) {
    this.#merges = merges
    const parents = new Map(merges.map((merge) => [merge.errorGroup, merge.parentGroup]))
    this.merged = merges.map(({ errorGroup }) => ({ errorGroup, root: climb(parents, errorGroup) }))
    this.#roots = new Map(this.merged.map(({ errorGroup, root }) => [errorGroup, root]))
  }

  static async of(ctx: CollectorContext, projectId: string): Promise<MergedGroups> {
    return new MergedGroups(await listFailureMerges(ctx.pool, projectId))
  }

  rootOf(group: string): string {
    return this.#roots.get(group) ?? group
  }

  /** Groups, and all that were merged into them, at whatever height they are. */
  withBelow(of: readonly string[]): string[] {
    const parts = Map.groupBy(this.#merges, (merge) => merge.parentGroup)
    const groups = new Set(of)
    // A set grows while it is gone through.
    for (const group of groups) for (const { errorGroup } of parts.get(group) ?? []) groups.add(errorGroup)
    return [...groups]
  }

  partsOf(root: string): string[] {
    return this.merged.filter((merge) => merge.root === root).map((merge) => merge.errorGroup)
  }
}

/** Merging refuses circles; should there be one all the same, it ends somewhere. */
function climb(parents: ReadonlyMap<string, string>, group: string): string {
  const seen = new Set<string>()
  let at = group
  for (let next = parents.get(at); next !== undefined && !seen.has(at); next = parents.get(at)) {
    seen.add(at)
    at = next
  }
  return at
}
