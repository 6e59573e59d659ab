/** How alike two texts are by their words, from 0 to 1 (Jaccard). Texts that are the same are 1, whatever they are. */
export function likeness(a: string | null, b: string | null): number {
  if (a === b) return 1
  if (a === null || b === null) return 0
  const [wordsA, wordsB] = [wordsOf(a), wordsOf(b)]
  const common = [...wordsA].filter((word) => wordsB.has(word)).length
  const all = wordsA.size + wordsB.size - common
  // Other punctuation, or another order: nearly the same is not the same.
  return all === 0 ? 0 : Math.min(0.99, common / all)
}

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
