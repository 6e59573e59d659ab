import { diffArrays } from 'diff'

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

interface Message {
  readonly role: string
  readonly content?: unknown
  readonly parts?: readonly unknown[]
}

const isMessage = (value: unknown): value is Message =>
  typeof value === 'object' &&
  value !== null &&
  'role' in value &&
  typeof value.role === 'string' &&
  ('parts' in value || 'content' in value)

/** The turns of a list of messages; null where the value is none. */
export function toTurns(value: unknown): Turn[] | null {
  const list = Array.isArray(value) ? value : [value]
  return list.length > 0 && list.every(isMessage) ? list.map((message) => ({ role: message.role, text: textOf(message) })) : null
}

function textOf({ parts, content }: Message): string {
  const all = parts ?? (Array.isArray(content) ? content : [content])
  return all.map(partText).join('\n')
}

function partText(part: unknown): string {
  if (typeof part === 'string') return part
  if (typeof part !== 'object' || part === null) return String(part ?? '')
  const { type, text, content, name, arguments: given, result, response } = part as Record<string, unknown>
  if (type === 'tool_call' || type === 'tool_use') return `calls ${String(name)} ${toText(given ?? null)}`
  if (type === 'tool_call_response' || type === 'tool_result') return toText(result ?? response ?? content ?? null)
  if (typeof (content ?? text) === 'string') return String(content ?? text)
  return toText(part)
}

/** As JSON on several lines; a value that is too deep for that is said to be so. */
export function toText(value: unknown): string {
  if (typeof value === 'string') return value
  try {
    return JSON.stringify(value, null, 2) ?? String(value)
  } catch {
    return '(nested too deep to be shown as text)'
  }
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
