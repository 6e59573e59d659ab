import type { ComparedDifference, ComparedField, ComparedRow, ComparisonVerdict } from '@cairn/sdk/protocol'
import type { AlignedPair } from './align.ts'
import type { CompareNode, Fingerprints } from './node.ts'
import { minus, toUsd } from './usd.ts'

/** A difference of speed is said from here on: below it, it is noise. */
const SPEED_RATIO = 1.5
const SPEED_MS = 50
/** A tenth: prices and token counts are exact, but no answer has the length of another. */
const PRICE_PERCENT = 10n

/** A pair as the row that people and programs read. */
export function toRow(pair: AlignedPair): ComparedRow {
  const { a, b, depth } = pair
  const some = (b ?? a) as CompareNode
  const changes = a !== undefined && b !== undefined ? changesOf(a, b) : []
  const verdict = verdictOf(pair, changes)
  const isBoth = verdict === 'same' || verdict === 'changed'
  const speed = isBoth && !isPartial(a as CompareNode, b as CompareNode) ? speedOf(a?.item.durationMs, b?.item.durationMs) : undefined
  const price = isBoth && !isGiven(a as CompareNode, b as CompareNode) ? priceOf(a?.cost ?? null, b?.cost ?? null) : undefined
  return {
    id: `${a?.id ?? ''}~${b?.id ?? ''}`,
    name: some.name,
    kind: some.kind,
    depth,
    verdict,
    ...(changes.length > 0 && verdict === 'changed' ? { changes } : {}),
    ...(speed === undefined ? {} : { speed }),
    ...(price === undefined ? {} : { price }),
    ...(a === undefined ? {} : { a: a.item }),
    ...(b === undefined ? {} : { b: b.item }),
    ...(verdict === 'shared' ? {} : { difference: differenceOf(a, b) }),
  }
}

function verdictOf({ a, b }: AlignedPair, changes: readonly ComparedField[]): ComparisonVerdict {
  if (a === undefined) return 'added'
  if (b === undefined) return 'removed'
  if (a.checkpoint !== null && a.checkpoint === b.checkpoint) return 'shared'
  return changes.length === 0 ? 'same' : 'changed'
}

function changesOf(a: CompareNode, b: CompareNode): ComparedField[] {
  const fields: ComparedField[] = []
  const add = (field: ComparedField, differs: boolean) => differs && fields.push(field)
  add('status', settled(a.item.status) !== settled(b.item.status))
  add('error', a.item.error?.type !== b.item.error?.type || a.item.error?.message !== b.item.error?.message)
  add('input', differ(['input', 'given'], a, b))
  add('output', differ(['output', 'stored'], a, b))
  add('model', a.item.model !== b.item.model && !isPartial(a, b))
  add('parameters', differ(['parameters'], a, b))
  add('attempts', !isGiven(a, b) && (a.item.attempts ?? 1) !== (b.item.attempts ?? 1))
  return fields
}

/** Senders who say nothing of a success mean it. */
const settled = (status: string): string => (status === 'unset' ? 'ok' : status)

/** By the first fingerprint that both have. What is unknown differs from nothing. */
function differ(prints: readonly (keyof Fingerprints)[], a: CompareNode, b: CompareNode): boolean {
  const known = prints.find((print) => a.prints[print] !== null && b.prints[print] !== null)
  if (known !== undefined) return a.prints[known] !== b.prints[known]
  return !isPartial(a, b) && prints.some((print) => a.prints[print] !== b.prints[print])
}

/** What came from a checkpoint or by hand, or ended with its process, is known in part only. */
const isPartial = (a: CompareNode, b: CompareNode): boolean =>
  isGiven(a, b) || [a, b].some(({ item }) => item.replayed === true || item.status === 'interrupted')

/** A person chose an output: beside what ran, it was neither faster nor cheaper. */
const isGiven = (a: CompareNode, b: CompareNode): boolean => [a, b].some(({ item }) => item.givenByHand === true)

export function differenceOf(a: Measured | undefined, b: Measured | undefined): ComparedDifference {
  const [msA, msB] = [a === undefined ? 0 : a.item.durationMs, b === undefined ? 0 : b.item.durationMs]
  const cost = minus(b === undefined ? 0n : b.cost, a === undefined ? 0n : a.cost)
  return {
    durationMs: msA === undefined || msB === undefined ? null : round(msB - msA),
    durationRatio: msA === undefined || msB === undefined || msA === 0 || b === undefined ? null : round(msB / msA),
    tokens: (b?.item.tokens ?? 0) - (a?.item.tokens ?? 0),
    costUsd: cost === null ? null : toUsd(cost),
  }
}

interface Measured {
  readonly item: { readonly durationMs?: number | undefined; readonly tokens?: number | undefined }
  readonly cost: bigint | null
}

function speedOf(a: number | undefined, b: number | undefined): ComparedRow['speed'] {
  if (a === undefined || b === undefined || Math.abs(b - a) < SPEED_MS) return undefined
  if (b >= a * SPEED_RATIO) return 'slower'
  return a >= b * SPEED_RATIO ? 'faster' : undefined
}

function priceOf(a: bigint | null, b: bigint | null): ComparedRow['price'] {
  if (a === null || b === null || a === b) return undefined
  if ((b - a) * 100n >= a * PRICE_PERCENT) return 'dearer'
  return (a - b) * 100n >= b * PRICE_PERCENT ? 'cheaper' : undefined
}

/** Microseconds are enough: more would be most of the answer. */
export const round = (ms: number): number => Math.round(ms * 1_000) / 1_000
