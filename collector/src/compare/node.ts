import type { ComparedItem } from '@cairn/sdk/protocol'

/** What of a step or span is compared, texts by fingerprints: null where there is none, or none that is known. */
export interface Fingerprints {
  readonly input: string | null
  /** Of a step's input, by its SDK. */
  readonly given: string | null
  readonly output: string | null
  /** Of a step's output, as its checkpoint has it. */
  readonly stored: string | null
  readonly parameters: string | null
}

/** A step or span of one side, with those under it. */
export interface CompareNode {
  /** Siblings of one key may be each other's counterpart. */
  readonly key: string
  readonly name: string
  readonly kind: string
  /** Its own on its side. */
  readonly id: string
  readonly item: ComparedItem
  /** US dollars / 10^12; null: a price is missing. */
  readonly cost: bigint | null
  readonly prints: Fingerprints
  /** Of a checkpoint: two with the same are one. */
  readonly checkpoint: string | null
  readonly children: readonly CompareNode[]
}

/** What tells apart those of one key: what went in, and what came of it. */
export const contentOf = (node: CompareNode): string =>
  node.checkpoint ?? `${node.prints.input ?? ''} ${node.prints.output ?? ''} ${node.item.status} ${node.item.step ?? ''}`
