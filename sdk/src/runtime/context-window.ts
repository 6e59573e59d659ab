import { CairnError } from '../errors.ts'
import { encodeValue } from '../protocol/values.ts'
import type { ContextOptions, SessionMessage } from './run.ts'

const MOST_TOKENS = 1e9
const CHARS_PER_TOKEN = 4

/** How much of a conversation a call of `context()` may give. */
export interface ContextLimits {
  readonly keepTokens: number
  readonly maxTokens: number
}

/** @throws {CairnError} `invalid_step`, naming the option */
export function toContextLimits({ keepTokens, maxTokens = 2 * keepTokens }: ContextOptions): ContextLimits {
  const refuse = (what: string): never => {
    throw new CairnError('invalid_step', `session.context: ${what}.`)
  }
  if (!(keepTokens > 0 && keepTokens <= MOST_TOKENS))
    refuse(`keepTokens must be a number of tokens above 0 and at most ${MOST_TOKENS}, not ${keepTokens}`)
  if (!(maxTokens >= keepTokens && maxTokens <= 2 * MOST_TOKENS))
    refuse(`maxTokens (${maxTokens}) must be at least keepTokens (${keepTokens}) and at most ${2 * MOST_TOKENS}`)
  return { keepTokens, maxTokens }
}

/** About four characters of JSON text a token: an estimate, off by a third either way for prose, by more for other text. */
export const estimateTokens = ({ role, content }: SessionMessage): number =>
  Math.ceil(JSON.stringify({ role, content: encodeValue(content) }).length / CHARS_PER_TOKEN)

/** The user's count of a message, checked; else the estimate. */
export function toCounter({ countTokens = estimateTokens }: ContextOptions): (message: SessionMessage) => number {
  return (message) => {
    const tokens = countTokens(message)
    if (typeof tokens === 'number' && tokens >= 0 && tokens <= MOST_TOKENS) return tokens
    throw new CairnError('invalid_step', `session.context: countTokens must return 0 to ${MOST_TOKENS}, not ${String(tokens)}.`)
  }
}

const RESULT_PARTS = new Set(['tool_result', 'tool-result', 'function_call_output'])

/** Whether a message answers a tool call in the one before it: a model refuses such a message alone. */
export function isToolResult({ role, content }: SessionMessage): boolean {
  if (role === 'tool' || role === 'function') return true
  return Array.isArray(content) && content.some((part: { type?: unknown } | null) => RESULT_PARTS.has(String(part?.type)))
}

/**
 * Where to cut: the messages from there on are kept whole, those before it summarised. 0: there is nothing to summarise.
 * As many of the last as `keepTokens` hold, at least the last one, and never a tool's result without its call.
 */
export function findCut(messages: readonly SessionMessage[], tokens: readonly number[], keepTokens: number): number {
  let first = Math.max(0, messages.length - 1)
  let kept = tokens[first] ?? 0
  while (first > 0 && kept + (tokens[first - 1] ?? 0) <= keepTokens) kept += tokens[--first] ?? 0
  const isResult = (i: number): boolean => {
    const message = messages[i]
    return message !== undefined && isToolResult(message)
  }
  let cut = first
  while (cut < messages.length && isResult(cut)) cut++
  if (cut < messages.length) return cut
  // The last messages are results: their call is kept with them, whatever its size.
  for (cut = first; cut > 0 && isResult(cut); ) cut--
  return cut
}
