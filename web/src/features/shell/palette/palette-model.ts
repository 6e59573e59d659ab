import type { LucideIcon } from 'lucide-react'

export interface Entry {
  readonly id: string
  readonly group: string
  readonly label: string
  /** Said after the label, in grey. */
  readonly detail?: string | undefined
  /** More words to find it by. */
  readonly words?: string | undefined
  readonly icon?: LucideIcon | undefined
  readonly status?: string | undefined
  readonly keys?: string | undefined
  /** The server found it: it is shown whatever its label. */
  readonly isFound?: boolean
  readonly run: () => void
}

/** How well a text fits what was typed, 0 to 1: each typed word must be in it, if only as letters in order. */
export function fuzzyScore(text: string, typed: string): number {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return 1
  const where = text.toLowerCase()
  let sum = 0
  for (const word of words) {
    const score = scoreWord(where, word)
    if (score === 0) return 0
    sum += score
  }
  return sum / words.length
}

function scoreWord(text: string, word: string): number {
  const at = text.indexOf(word)
  if (at === 0) return text.length === word.length ? 1 : 0.95
  if (at > 0) return isWordStart(text, at) || text.includes(` ${word}`) ? 0.8 : 0.6
  // Two letters in order are in nearly everything.
  return word.length < 3 ? 0 : scoreLetters(text, word)
}

const isWordStart = (text: string, at: number) => !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '')

/** Letters in order; the first must begin a word, and gaps cost. */
function scoreLetters(text: string, word: string): number {
  let best = 0
  for (let start = text.indexOf(word[0] ?? ''); start !== -1; start = text.indexOf(word[0] ?? '', start + 1)) {
    if (start > 0 && !isWordStart(text, start)) continue
    let at = start
    let matched = 1
    for (; matched < word.length; matched++) {
      at = text.indexOf(word[matched] ?? '', at + 1)
      if (at === -1) break
    }
    if (matched === word.length) best = Math.max(best, 0.5 * (word.length / (at - start + 1)))
  }
  return best < 0.1 ? 0 : best
}

export interface Group {
  readonly name: string
  readonly entries: readonly Entry[]
}

const MOST_IN_GROUP = 12

/** Groups in the order they came while nothing is typed; then the best first, in the groups and among them. */
export function arrange(entries: readonly Entry[], typed: string): readonly Group[] {
  const groups = new Map<string, { entry: Entry; score: number }[]>()
  for (const entry of entries) {
    const score = Math.max(fuzzyScore(`${entry.label} ${entry.words ?? ''}`, typed), entry.isFound ? 0.4 : 0)
    if (score > 0) groups.set(entry.group, [...(groups.get(entry.group) ?? []), { entry, score }])
  }
  const sorted = [...groups].map(([name, found]) => ({ name, found: found.toSorted((a, b) => b.score - a.score) }))
  if (typed.trim() !== '') sorted.sort((a, b) => (b.found[0]?.score ?? 0) - (a.found[0]?.score ?? 0))
  return sorted.map(({ name, found }) => ({ name, entries: found.slice(0, MOST_IN_GROUP).map(({ entry }) => entry) }))
}
