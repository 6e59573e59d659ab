import { diffWordsWithSpace } from 'diff'

/** A stretch of text that both sides have, or one of them. */
export interface Piece {
  readonly text: string
  readonly in: 'both' | 'a' | 'b'
}

/** Longer texts are shown beside each other: to find their differences would take too long. Characters. */
export const MOST_CHARS = 400_000
/** Up to here the page itself looks; longer ones go to a worker. Characters. */
export const AT_ONCE_CHARS = 8_000
const TIMEOUT_MS = 4_000
const MOST_EDITS = 20_000

/** Word by word; null where it would take too long, or there is too much that differs to be read as one text. */
export function differenceOfTexts(a: string, b: string): Piece[] | null {
  if (a === b) return a === '' ? [] : [{ text: a, in: 'both' }]
  if (a.length + b.length > MOST_CHARS) return null
  const parts = diffWordsWithSpace(a, b, { timeout: TIMEOUT_MS, maxEditLength: MOST_EDITS })
  return parts?.map(({ value, added, removed }) => ({ text: value, in: added ? 'b' : removed ? 'a' : 'both' })) ?? null
}
