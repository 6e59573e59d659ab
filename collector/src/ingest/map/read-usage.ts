import { NO_USAGE, type Usage } from '@cairn/sdk/protocol'
import type { AttributeValue } from '../otlp/types.ts'
import type { Found } from './collect-fields.ts'
import { isJsonObject, parseJsonText, toJson } from './to-json.ts'
import { UNCACHED_INPUT_SCOPES } from './vocabulary.ts'

export interface ReadUsage {
  readonly usage: Usage
  readonly reported: boolean
  /** Why the parts may be off; empty where there is no doubt. */
  readonly notes: string[]
}

/** Counts as a source gives them. `inclusive`: whether its input holds the cached tokens and its output the reasoning ones. */
interface Counts {
  input: number | undefined
  output: number | undefined
  total: number | undefined
  uncached: number | undefined
  cacheRead: number
  cacheWrite: number
  cacheWrite1h: number
  reasoning: number
  audioInput: number
  audioOutput: number
  images: number
  requests: number
  inclusive: boolean
  /** Whether its output leaves the reasoning tokens out, where the total doesn't say. */
  reasoningApart: boolean
}

export function readUsage(found: Found, provider: string, scope = ''): ReadUsage {
  const counts = readCounts(found, provider)
  if (UNCACHED_INPUT_SCOPES.has(scope)) counts.uncached ??= counts.input
  if (counts.input === undefined && counts.output === undefined && counts.total === undefined && counts.requests === 0)
    return { usage: NO_USAGE, reported: false, notes: [] }
  const notes: string[] = []
  const { input } = splitInput(counts, notes)
  const { cacheRead, cacheWrite, cacheWrite1h, reasoning, audioInput, audioOutput, images, requests } = counts
  const wholeInput = input + cacheRead + cacheWrite + cacheWrite1h + audioInput + images
  const { output } = splitOutput(counts, wholeInput, notes)
  const total = wholeInput + output + reasoning + audioOutput
  return {
    usage: { input, cacheRead, cacheWrite, cacheWrite1h, output, reasoning, audioInput, audioOutput, images, requests, total },
    reported: true,
    notes,
  }
}

function readCounts(found: Found, provider: string): Counts {
  const f = found.fields
  const genAi = toCount(f.tokensInGenAi)
  const openInference = toCount(f.tokensInOpenInference)
  const aiSdk = toCount(f.tokensInAiSdk)
  const written = toCount(f.tokensCacheWrite) ?? 0
  const hour = toCount(f.tokensCacheWrite1h) ?? 0
  const counts: Counts = {
    input: genAi ?? openInference ?? aiSdk,
    output: toCount(f.tokensOut),
    total: toCount(f.tokensTotal),
    uncached: toCount(f.tokensUncached),
    cacheRead: toCount(f.tokensCacheRead) ?? 0,
    cacheWrite: Math.max(written - hour, toCount(f.tokensCacheWrite5m) ?? 0, 0),
    cacheWrite1h: hour,
    reasoning: toCount(f.tokensReasoning) ?? 0,
    audioInput: toCount(f.tokensAudioIn) ?? 0,
    audioOutput: toCount(f.tokensAudioOut) ?? 0,
    images: toCount(f.tokensImage) ?? 0,
    requests: toCount(f.webSearches) ?? 0,
    // The AI SDK passed Anthropic's own counts on, in which cached tokens are apart, until it gave the details.
    inclusive: !(genAi === undefined && openInference === undefined && /anthropic|bedrock/.test(provider)),
    reasoningApart: false,
  }
  // LangSmith sends flat sums beside its object, which alone has the parts.
  if (found.fields.usageLangsmith !== undefined || (counts.input === undefined && counts.output === undefined))
    return readObjectCounts(found, counts)
  return counts
}

/** Usage that comes as one JSON object: Langfuse's parts exclude each other, LangSmith's details are inside. */
function readObjectCounts(found: Found, counts: Counts): Counts {
  const langfuse = readNumbers(found.fields.usageLangfuse)
  const langsmith = readNumbers(found.fields.usageLangsmith)
  const n = langfuse ?? langsmith
  if (n === undefined) return counts
  const pick = (...names: string[]): number | undefined => names.map((name) => n.get(name)).find((value) => value !== undefined)
  const hour = pick('cache_creation.ephemeral_1h_input_tokens', 'input_token_details.ephemeral_1h_input_tokens') ?? 0
  return {
    ...counts,
    input: pick('input', 'input_tokens', 'prompt_tokens'),
    output: pick('output', 'output_tokens', 'completion_tokens'),
    total: pick('total', 'total_tokens'),
    cacheRead:
      pick(
        'cache_read_input_tokens',
        'input_cached_tokens',
        'input_cache_read',
        'prompt_tokens_details.cached_tokens',
        'input_token_details.cache_read',
      ) ?? 0,
    cacheWrite: Math.max(
      0,
      (pick('cache_creation_input_tokens', 'input_cache_creation', 'input_token_details.cache_creation') ?? 0) - hour,
    ),
    cacheWrite1h: hour,
    reasoning:
      pick('output_reasoning_tokens', 'output_reasoning', 'completion_tokens_details.reasoning_tokens', 'output_token_details.reasoning') ??
      0,
    audioInput: pick('input_audio_tokens', 'input_audio', 'input_token_details.audio') ?? 0,
    audioOutput: pick('output_audio_tokens', 'output_audio', 'output_token_details.audio') ?? 0,
    inclusive: langfuse === undefined || pick('prompt_tokens') !== undefined,
    reasoningApart: langfuse !== undefined && pick('completion_tokens') === undefined,
  }
}

function splitInput(c: Counts, notes: string[]): { input: number } {
  if (c.uncached !== undefined) return { input: Math.max(0, c.uncached - c.audioInput - c.images) }
  if (c.input === undefined) {
    if (c.total === undefined || c.output !== undefined) return { input: Math.max(0, (c.total ?? 0) - (c.output ?? 0)) }
    notes.push('usage_total_only')
    return { input: c.total }
  }
  const inside = c.cacheRead + c.cacheWrite + c.cacheWrite1h + c.audioInput + c.images
  if (inside === 0) return { input: c.input }
  if (inside > c.input) return { input: c.input }
  const apart = c.input + inside + (c.output ?? 0) === c.total
  const within = c.input + (c.output ?? 0) === c.total
  if (apart || (!within && !c.inclusive)) return { input: c.input }
  return { input: c.input - inside }
}

function splitOutput(c: Counts, wholeInput: number, notes: string[]): { output: number } {
  const output = c.output ?? 0
  const inside = c.reasoning + c.audioOutput
  if (inside === 0) return { output }
  if (inside > output) {
    if (!c.reasoningApart) notes.push('reasoning_beside_output')
    return { output }
  }
  const apart = wholeInput + output + inside === c.total
  const within = wholeInput + output === c.total
  return { output: apart || (c.reasoningApart && !within) ? output : output - inside }
}

/** More than any call has: beyond it a count is a mistake, and its cost would not fit its column. */
const MOST_TOKENS = 1e9

/** Tokens are whole and not negative; whatever else is sent counts as not sent. */
export function toCount(value: AttributeValue | undefined): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 && number <= MOST_TOKENS ? Math.round(number) : undefined
}

/** The numbers of a JSON object, by dotted path. */
function readNumbers(value: AttributeValue | undefined): Map<string, number> | undefined {
  if (value === undefined) return undefined
  const json = parseJsonText(toJson(value))
  if (!isJsonObject(json)) return undefined
  const numbers = new Map<string, number>()
  for (const [key, entry] of Object.entries(json)) {
    if (isJsonObject(entry)) {
      for (const [inner, number] of Object.entries(entry)) {
        const count = typeof number === 'number' ? toCount(number) : undefined
        if (count !== undefined) numbers.set(`${key}.${inner}`, count)
      }
    } else {
      const count = typeof entry === 'number' ? toCount(entry) : undefined
      if (count !== undefined) numbers.set(key, count)
    }
  }
  return numbers.size === 0 ? undefined : numbers
}
