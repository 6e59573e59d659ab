import { z } from 'zod'
import type { ModelResponse, ModelUsage } from './model-call.ts'

const count = z.number().nullish()

const ChatCompletion = z.object({
  object: z.literal('chat.completion'),
  id: z.string(),
  model: z.string(),
  choices: z.array(z.object({ finish_reason: z.string().nullish(), message: z.unknown() })),
  usage: z
    .object({
      prompt_tokens: count,
      completion_tokens: count,
      prompt_tokens_details: z.object({ cached_tokens: count }).nullish(),
      completion_tokens_details: z.object({ reasoning_tokens: count }).nullish(),
    })
    .nullish(),
})

const OpenAiResponse = z.object({
  object: z.literal('response'),
  id: z.string(),
  model: z.string(),
  status: z.string().nullish(),
  output: z.array(z.record(z.string(), z.unknown())),
  usage: z
    .object({
      input_tokens: count,
      output_tokens: count,
      input_tokens_details: z.object({ cached_tokens: count }).nullish(),
      output_tokens_details: z.object({ reasoning_tokens: count }).nullish(),
    })
    .nullish(),
})

const AnthropicMessage = z.object({
  type: z.literal('message'),
  id: z.string(),
  model: z.string(),
  content: z.array(z.unknown()),
  stop_reason: z.string().nullish(),
  usage: z.object({
    input_tokens: count,
    output_tokens: count,
    cache_read_input_tokens: count,
    cache_creation_input_tokens: count,
    cache_creation: z.object({ ephemeral_1h_input_tokens: count }).nullish(),
  }),
})

/** Reads a response object of the OpenAI SDK (chat completions, responses) or the Anthropic SDK (messages); else undefined. */
export function recogniseResponse(value: unknown): ModelResponse | undefined {
  if (value === null || typeof value !== 'object') return undefined
  return fromChatCompletion(value) ?? fromOpenAiResponse(value) ?? fromAnthropic(value)
}

function fromChatCompletion(value: object): ModelResponse | undefined {
  const { data } = ChatCompletion.safeParse(value)
  if (!data) return undefined
  return {
    id: data.id,
    provider: 'openai',
    model: data.model,
    finishReasons: data.choices.flatMap((choice) => choice.finish_reason ?? []),
    messages: data.choices.map((choice) => choice.message),
    usage: toUsage({
      inputTokens: data.usage?.prompt_tokens,
      outputTokens: data.usage?.completion_tokens,
      cacheReadTokens: data.usage?.prompt_tokens_details?.cached_tokens,
      reasoningTokens: data.usage?.completion_tokens_details?.reasoning_tokens,
    }),
  }
}

function fromOpenAiResponse(value: object): ModelResponse | undefined {
  const { data } = OpenAiResponse.safeParse(value)
  if (!data) return undefined
  return {
    id: data.id,
    provider: 'openai',
    model: data.model,
    ...(data.status ? { finishReasons: [data.status] } : {}),
    messages: data.output.map(toOutputMessage),
    usage: toUsage({
      inputTokens: data.usage?.input_tokens,
      outputTokens: data.usage?.output_tokens,
      cacheReadTokens: data.usage?.input_tokens_details?.cached_tokens,
      reasoningTokens: data.usage?.output_tokens_details?.reasoning_tokens,
    }),
  }
}

function toOutputMessage(item: Record<string, unknown>): unknown {
  if (item.type === 'message') return item
  if (item.type === 'function_call')
    return { role: 'assistant', parts: [{ type: 'tool_call', id: item.call_id, name: item.name, arguments: item.arguments }] }
  return { role: 'assistant', parts: [item] }
}

function fromAnthropic(value: object): ModelResponse | undefined {
  const { data } = AnthropicMessage.safeParse(value)
  if (!data) return undefined
  const { usage } = data
  const cached = (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0)
  return {
    id: data.id,
    provider: 'anthropic',
    model: data.model,
    ...(data.stop_reason ? { finishReasons: [data.stop_reason] } : {}),
    messages: [{ role: 'assistant', content: data.content }],
    usage: toUsage({
      // Anthropic counts cached tokens apart; the GenAI conventions count them inside.
      inputTokens: usage.input_tokens == null ? undefined : usage.input_tokens + cached,
      outputTokens: usage.output_tokens,
      cacheReadTokens: usage.cache_read_input_tokens,
      cacheWriteTokens: usage.cache_creation_input_tokens,
      cacheWrite1hTokens: usage.cache_creation?.ephemeral_1h_input_tokens,
    }),
  }
}

function toUsage(counts: { [K in keyof ModelUsage]: number | null | undefined }): ModelUsage {
  return Object.fromEntries(Object.entries(counts).filter(([, tokens]) => typeof tokens === 'number'))
}
