import { CairnError } from '../errors.ts'
import { encodeValue } from '../protocol/values.ts'
import type { ContextOptions, SessionMessage } from './run.ts'

/** Options with their defaults, checked. */
export interface Budget {
  readonly keepTokens: number
  readonly maxTokens: number
  readonly count: (message: SessionMessage) => number
}

/** About what English text has; JSON's quotes and braces are counted with it. */
const CHARS_PER_TOKEN = 4

const estimate = (message: SessionMessage): number => Math.ceil(JSON.stringify(encodeValue(message)).length / CHARS_PER_TOKEN)

/** @throws {CairnError} `invalid_step`, naming the option and its range */
export function toBudget({ keepTokens, maxTokens = keepTokens * 2, countTokens = estimate }: ContextOptions): Budget {
  const refuse = (what: string): never => {
    throw new CairnError('invalid_step', `session.context(): ${what}.`)
  }
  if (!(keepTokens >= 1)) refuse(`keepTokens must be at least 1; it is ${keepTokens}`)
  if (!(maxTokens >= keepTokens)) refuse(`maxTokens must be at least keepTokens, ${keepTokens}; it is ${maxTokens}`)
  const count = (message: SessionMessage): number => {
    const tokens = countTokens(message)
    return Number.isFinite(tokens) && tokens >= 0 ? Math.ceil(tokens) : refuse(`countTokens gave ${tokens} for a message; give its tokens`)
  }
  return { keepTokens, maxTokens, count }
}

export const sumTokens = (messages: readonly SessionMessage[], count: Budget['count']): number =>
  messages.reduce((sum, message) => sum + count(message), 0)

export const summaryMessage = (summary: string): SessionMessage => ({ role: 'system', content: summary })

/**
 * How many of the first messages a summary should stand for; 0 while all fit. The result of a tool stays with the call that asked for
 * it: providers refuse one without the other.
 */
export function findCut(summary: string | null, messages: readonly SessionMessage[], { keepTokens, maxTokens, count }: Budget): number {
  const sizes = messages.map(count)
  const total = sizes.reduce((sum, size) => sum + size, summary === null ? 0 : count(summaryMessage(summary)))
  if (total <= maxTokens) return 0
  let cut = messages.length
  for (let kept = 0; cut > 0; cut--) {
    kept += sizes[cut - 1] ?? 0
    if (kept > keepTokens) break
  }
  cut = Math.min(cut, messages.length - 1)
  while (cut > 0 && messages[cut]?.role === 'tool') cut--
  return Math.max(0, cut)
}
