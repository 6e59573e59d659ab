import { composeText, hashText } from './prose.ts'

/** What a model was asked, whichever API it came by. */
export interface Ask {
  readonly model: string
  readonly system: string
  readonly prompt: string
  readonly tools: readonly string[]
}

/** Tokens as counted by this server. `input` includes `cached` and `cacheWritten`, `output` includes `reasoning`. */
export interface Tokens {
  readonly input: number
  readonly cached: number
  readonly cacheWritten: number
  readonly output: number
  readonly reasoning: number
}

export interface Answer {
  readonly text: string
  readonly toolCall: { readonly id: string; readonly name: string; readonly arguments: string } | null
  readonly tokens: Tokens
}

const tokensOf = (text: string) => Math.ceil(text.length / 4)

/** Models that think before they answer. */
const isReasoning = (model: string) => /^(o\d|gpt-5)/.test(model)

/**
 * The answer to a prompt: always the same for the same one. A prompt may hold `REPLY: …` on a line of its own, which is then the
 * answer as it is; that is how sample agents get JSON back.
 */
export function answer(ask: Ask): Answer {
  const reply = /^REPLY: (.*)$/m.exec(ask.prompt)?.[1]
  const tool = ask.tools[0]
  const wantsTool = tool !== undefined && reply === undefined && !/TOOL RESULT/.test(ask.prompt)
  const text = wantsTool ? '' : (reply ?? composeText(ask.prompt, 3 + (hashText(ask.prompt) % 4)))
  const toolCall = wantsTool
    ? {
        id: `call_${hashText(ask.prompt + tool)
          .toString(16)
          .padStart(8, '0')}`,
        name: tool,
        arguments: JSON.stringify({ query: ask.prompt.slice(0, 80) }),
      }
    : null
  const system = tokensOf(ask.system)
  const input = Math.max(1, system + tokensOf(ask.prompt))
  // A long system prompt is what providers keep in their cache, in blocks of 128 tokens.
  const cacheable = Math.floor(system / 128) * 128
  const firstTime = hashText(ask.prompt) % 5 === 0
  const reasoning = isReasoning(ask.model) ? 64 + (hashText(ask.prompt) % 8) * 32 : 0
  return {
    text,
    toolCall,
    tokens: {
      input,
      cached: firstTime ? 0 : cacheable,
      cacheWritten: firstTime ? cacheable : 0,
      output: Math.max(1, tokensOf(text || (toolCall?.arguments ?? ''))) + reasoning,
      reasoning,
    },
  }
}

/** The answer cut into pieces of a few words, as a stream sends it. */
export const pieces = (text: string): string[] => text.match(/\S+\s*\S*\s*\S*\s*/g) ?? []

/** The dated name under which a provider answers. */
export const datedModel = (model: string): string =>
  ({
    'gpt-4o-mini': 'gpt-4o-mini-2024-07-18',
    'gpt-4o': 'gpt-4o-2024-08-06',
    'gpt-5-mini': 'gpt-5-mini-2025-08-07',
    'gpt-5': 'gpt-5-2025-08-07',
  })[model] ?? model
