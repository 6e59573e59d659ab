import { diffArrays } from 'diff'
import { toText } from '../../ui/json-text'
import { type ChatMessage, isCallPart, isResultPart, messagesOf, type Part, resultOf, textOf } from '../run/content-model'

export interface Turn {
  readonly role: string
  readonly text: string
}

/** A message that both sides have, or that one has, or in which they differ. */
export interface TurnPair {
  readonly a: Turn | undefined
  readonly b: Turn | undefined
  readonly isSame: boolean
}

/** The turns of a list of messages; null where the value is none. */
export const toTurns = (value: unknown): Turn[] | null =>
  messagesOf(value)?.map((message) => ({ role: message.role, text: textOfMessage(message) })) ?? null

function textOfMessage({ parts, content }: ChatMessage): string {
  const all: readonly unknown[] = parts ?? (Array.isArray(content) ? content : [content])
  return all.map(partText).join('\n')
}

function partText(part: unknown): string {
  if (typeof part !== 'object' || part === null) return String(part ?? '')
  const known: Part = part
  if (isCallPart(known)) return `calls ${String(known.name)} ${toText(known.arguments ?? null)}`
  if (isResultPart(known)) return toText(resultOf(known))
  return textOf(known) ?? toText(known)
}

/** Two conversations turn by turn: what is in both is held fast, what lies between is paired where the role is the same. */
export function pairTurns(a: readonly Turn[], b: readonly Turn[]): TurnPair[] {
  const keyOf = (turn: Turn) => `${turn.role}\0${turn.text}`
  const runs = diffArrays(a.map(keyOf), b.map(keyOf), { timeout: 1_000 })
  if (runs === undefined) return pairBetween(a, b)
  const pairs: TurnPair[] = []
  let [i, j] = [0, 0]
  let [waitingA, waitingB]: [Turn[], Turn[]] = [[], []]
  const flush = () => {
    pairs.push(...pairBetween(waitingA, waitingB))
    ;[waitingA, waitingB] = [[], []]
  }
  for (const { count, added, removed } of runs) {
    if (removed) waitingA.push(...a.slice(i, i + count))
    else if (added) waitingB.push(...b.slice(j, j + count))
    else {
      flush()
      for (let n = 0; n < count; n++) pairs.push({ a: a[i + n], b: b[j + n], isSame: true })
    }
    if (!added) i += count
    if (!removed) j += count
  }
  flush()
  return pairs
}

function pairBetween(a: readonly Turn[], b: readonly Turn[]): TurnPair[] {
  const pairs: TurnPair[] = []
  let j = 0
  for (const turn of a) {
    const other = b[j]
    if (other === undefined || other.role !== turn.role) {
      pairs.push({ a: turn, b: undefined, isSame: false })
      continue
    }
    pairs.push({ a: turn, b: other, isSame: false })
    j += 1
  }
  return [...pairs, ...b.slice(j).map((turn) => ({ a: undefined, b: turn, isSame: false }))]
}
