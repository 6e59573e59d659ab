import type { Attributes, AttributeValue } from '../otlp/types.ts'
import { KIND_KEYS } from './kinds.ts'
import { FIELD_KEYS, type Field, FLATTENED_ROOTS, type FlattenedRoot, METADATA_PREFIXES, PARAMETER_PREFIXES } from './vocabulary.ts'

interface Place {
  readonly field: Field
  readonly rank: number
}

export interface FlattenedEntry {
  readonly index: number
  readonly path: string
  readonly value: AttributeValue
}

/** What one pass over a span's attributes finds, by field of the vocabulary. */
export interface Found {
  readonly fields: Partial<Record<Field, AttributeValue>>
  /** Best first: which of KIND_KEYS are there. */
  readonly kinds: (string | undefined)[]
  readonly flattened: Partial<Record<FlattenedRoot, FlattenedEntry[]>>
  readonly metadata: Map<string, AttributeValue>
  readonly parameters: Map<string, AttributeValue>
}

/** What a key means, looked up once a key and then remembered. */
interface KeyMeaning {
  readonly places: readonly Place[]
  readonly kindRank: number
  readonly root: FlattenedRoot | undefined
  readonly index: number
  readonly path: string
  readonly metadataName: string | undefined
  readonly parameterName: string | undefined
}

const placesByKey = new Map<string, Place[]>()
for (const [field, keys] of Object.entries(FIELD_KEYS) as [Field, readonly string[]][])
  for (const [rank, key] of keys.entries()) placesByKey.set(key, [...(placesByKey.get(key) ?? []), { field, rank }])
const kindRanks = new Map(KIND_KEYS.map(([key], rank) => [key, rank]))

const FLATTENED = new RegExp(`^(${FLATTENED_ROOTS.map((root) => root.replaceAll('.', '\\.')).join('|')})\\.(\\d{1,6})\\.(.+)$`)
const MOST_REMEMBERED = 20_000
const meanings = new Map<string, KeyMeaning | null>()

/** Keys are few and repeat; senders that make them up (ids in keys) only cost the memory of a bounded map. */
function getMeaning(key: string): KeyMeaning | null {
  const known = meanings.get(key)
  if (known !== undefined) return known
  if (meanings.size >= MOST_REMEMBERED) meanings.clear()
  const meaning = findMeaning(key)
  meanings.set(key, meaning)
  return meaning
}

function findMeaning(key: string): KeyMeaning | null {
  const places = placesByKey.get(key) ?? []
  const kindRank = kindRanks.get(key) ?? kindRanks.get(key.toLowerCase()) ?? -1
  const flat = FLATTENED.exec(key)
  const metadataPrefix = METADATA_PREFIXES.find((prefix) => key.startsWith(prefix))
  const parameterPrefix = PARAMETER_PREFIXES.find((prefix) => key.startsWith(prefix))
  if (places.length === 0 && kindRank < 0 && flat === null && metadataPrefix === undefined && parameterPrefix === undefined) return null
  return {
    places,
    kindRank,
    root: flat?.[1] as FlattenedRoot | undefined,
    index: Number(flat?.[2] ?? 0),
    path: flat?.[3] ?? '',
    metadataName: metadataPrefix === undefined ? undefined : key.slice(metadataPrefix.length),
    parameterName: parameterPrefix === undefined || flat !== null || places.length > 0 ? undefined : key.slice(parameterPrefix.length),
  }
}

export function collectFields(attributes: Attributes): Found {
  const found: Found = { fields: {}, kinds: [], flattened: {}, metadata: new Map(), parameters: new Map() }
  const ranks: Partial<Record<Field, number>> = {}
  for (const [key, value] of attributes) {
    const meaning = getMeaning(key)
    if (meaning === null || value === null || value === '') continue
    for (const { field, rank } of meaning.places) {
      const best = ranks[field]
      if (best !== undefined && best <= rank) continue
      ranks[field] = rank
      found.fields[field] = value
    }
    if (meaning.kindRank >= 0 && typeof value === 'string') found.kinds[meaning.kindRank] = value.toLowerCase()
    if (meaning.root !== undefined) {
      const entries = found.flattened[meaning.root] ?? []
      found.flattened[meaning.root] = entries
      entries.push({ index: meaning.index, path: meaning.path, value })
    }
    if (meaning.metadataName !== undefined) found.metadata.set(meaning.metadataName, value)
    if (meaning.parameterName !== undefined) found.parameters.set(meaning.parameterName, value)
  }
  return found
}
