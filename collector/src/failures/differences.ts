import { countAttributes, findComparedSides, type SeenAttribute } from '@cairn/clickhouse'
import { listRunInputs, type RunInputRow } from '@cairn/prisma'
import type { FailureDifferences, FailureRange } from '@cairn/sdk/protocol'
import type { CollectorContext } from '../context.ts'
import { MergedGroups } from './merged-groups.ts'
import { type FailureTimes, readFailureTimes } from './range.ts'
import { rankAttributes } from './rank-attributes.ts'

/** Of each side: enough to tell a difference of a few per cent, few enough for a second. */
const MOST_COMPARED = 1_500
const MOST_SHOWN = 50
const MOST_METADATA = 50

/** What the failed of a group have that good runs of the same agent don't, the most telling first. */
export async function showDifferences(
  ctx: CollectorContext,
  projectId: string,
  group: string,
  query: FailureRange,
): Promise<FailureDifferences & Pick<FailureTimes, 'from' | 'to'>> {
  const groups = await MergedGroups.of(ctx, projectId)
  const { from, to } = readFailureTimes(query)
  const scope = { projectId, from, to, merged: groups.merged, groups: [groups.rootOf(group)] }
  const sides = await findComparedSides(ctx.clickhouse, scope, MOST_COMPARED)
  const compared = { failed: sides.failed.traceIds.length, good: sides.good.traceIds.length }
  const shown = { failed: { looked: compared.failed, total: sides.failed.total }, good: { looked: compared.good, total: sides.good.total } }
  if (compared.failed === 0 || compared.good === 0) return { from, to, ...shown, rows: [] }
  const [seen, inputs] = await Promise.all([
    countAttributes(ctx.clickhouse, scope, sides),
    listRunInputs(ctx.pool, projectId, [...sides.failed.runIds, ...sides.good.runIds]),
  ])
  const given = countGiven(inputs, new Set(sides.failed.traceIds))
  const ranked = rankAttributes([...seen.rows, ...given], compared, seen.looked + given.length)
  return { from, to, ...shown, rows: ranked.slice(0, MOST_SHOWN) }
}

/** Attributes of what runs were given: how much, and their metadata. */
export function countGiven(inputs: readonly RunInputRow[], failed: ReadonlySet<string>): SeenAttribute[] {
  const counts = new Map<string, SeenAttribute>()
  for (const input of inputs)
    for (const [attribute, value] of new Map(givenBy(input).map((pair) => [pair.join('\0'), pair] as const)).values()) {
      const key = `${attribute}\0${value}`
      const before = counts.get(key) ?? { attribute, value, failed: 0, good: 0 }
      const isFailed = failed.has(input.traceId)
      counts.set(key, { ...before, failed: before.failed + (isFailed ? 1 : 0), good: before.good + (isFailed ? 0 : 1) })
    }
  return [...counts.values()].filter((row) => row.failed > 1)
}

function givenBy({ inputBytes, metadata }: RunInputRow): [attribute: string, value: string][] {
  const entries = Object.entries(JSON.parse(metadata) as Record<string, unknown>).slice(0, MOST_METADATA)
  return [
    ['inputSize', sizeClass(inputBytes)],
    ...entries.flatMap(([key, value]): [string, string][] =>
      ['string', 'number', 'boolean'].includes(typeof value) && String(value).length <= 120 ? [[`metadata.${key}`, String(value)]] : [],
    ),
  ]
}

const SIZES = [
  [1_024, 'under 1 KiB'],
  [4_096, '1 to 4 KiB'],
  [16_384, '4 to 16 KiB'],
  [65_536, '16 to 64 KiB'],
  [1_048_576, '64 KiB to 1 MiB'],
] as const

const sizeClass = (bytes: number): string => SIZES.find(([under]) => bytes < under)?.[1] ?? '1 MiB and more'
