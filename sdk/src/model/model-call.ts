import type { Span } from '@opentelemetry/api'
import { ATTR, previewAttributes } from '../otel/attributes.ts'
import type { StepContext } from '../runtime/step-options.ts'
import { toGenAiMessages } from './messages.ts'
import { recogniseResponse } from './recognise-response.ts'

/** What a model was asked. Everything is optional: give what you know. */
export interface ModelRequest {
  /** As the price list names it: `openai`, `anthropic`, `google`, … */
  provider?: string
  model?: string
  /** Messages in OpenAI's, Anthropic's or the GenAI conventions' shape. */
  messages?: readonly unknown[]
  /** System prompt, where it isn't one of the messages. */
  system?: unknown
  tools?: readonly unknown[]
  temperature?: number
  topP?: number
  maxTokens?: number
  stream?: boolean
}

/** Tokens that a call used. `inputTokens` includes cached ones, `outputTokens` includes reasoning. */
export interface ModelUsage {
  inputTokens?: number
  outputTokens?: number
  /** Of the input, read from the provider's cache. */
  cacheReadTokens?: number
  /** Of the input, written to the provider's cache. */
  cacheWriteTokens?: number
  /** Of those written, the ones kept for an hour. */
  cacheWrite1hTokens?: number
  /** Of the output, spent on reasoning. */
  reasoningTokens?: number
}

/** What a model answered. */
export interface ModelResponse {
  id?: string
  provider?: string
  /** The model that answered, as the provider names it. */
  model?: string
  usage?: ModelUsage
  finishReasons?: readonly string[]
  /** Messages in OpenAI's, Anthropic's or the GenAI conventions' shape. */
  messages?: readonly unknown[]
}

/** Records a model call on its span, by hand, with any client. All of it is optional and may be said more than once. */
export interface ModelCall extends StepContext {
  /** Says what is asked, before the call. */
  request(request: ModelRequest): void
  /** Marks that the first piece of a streamed answer came. Later calls change nothing. */
  firstToken(): void
  /** Says what was answered: a response object of the OpenAI or Anthropic SDK as it is, or the fields by hand. */
  response(response: ModelResponse | object): void
}

/** Records on a span what a model call says of itself. */
export class ModelRecorder {
  readonly #span: Span
  readonly #startedAt = performance.now()
  #firstTokenSeen = false
  #hasResponse = false
  #hasOutput = false

  constructor(span: Span) {
    this.#span = span
  }

  /** Whether output messages are on the span already. */
  get hasOutput(): boolean {
    return this.#hasOutput
  }

  request = (request: ModelRequest): void => {
    const span = this.#span
    if (request.model !== undefined) {
      span.setAttribute(ATTR.requestModel, request.model)
      span.updateName(`chat ${request.model}`)
    }
    if (request.provider !== undefined) span.setAttribute(ATTR.provider, request.provider)
    if (request.messages !== undefined) setJson(span, ATTR.inputMessages, toGenAiMessages(request.messages), ATTR.inputTruncated)
    if (request.system !== undefined) setJson(span, ATTR.systemInstructions, toSystemParts(request.system), ATTR.inputTruncated)
    if (request.tools !== undefined) setJson(span, ATTR.toolDefinitions, request.tools, ATTR.inputTruncated)
    if (request.temperature !== undefined) span.setAttribute('gen_ai.request.temperature', request.temperature)
    if (request.topP !== undefined) span.setAttribute('gen_ai.request.top_p', request.topP)
    if (request.maxTokens !== undefined) span.setAttribute('gen_ai.request.max_tokens', request.maxTokens)
    if (request.stream !== undefined) span.setAttribute('gen_ai.request.stream', request.stream)
  }

  firstToken = (): void => {
    if (this.#firstTokenSeen) return
    this.#firstTokenSeen = true
    this.#span.setAttribute(ATTR.timeToFirstChunk, (performance.now() - this.#startedAt) / 1_000)
  }

  response = (response: ModelResponse | object): void => {
    this.#record(recogniseResponse(response) ?? (response as ModelResponse))
  }

  /** What the step returned, if it is a response that is known and none was recorded by hand. */
  returned(value: unknown): void {
    if (this.#hasResponse) return
    const recognised = recogniseResponse(value)
    if (recognised) this.#record(recognised)
  }

  #record({ id, provider, model, usage, finishReasons, messages }: ModelResponse): void {
    this.#hasResponse = true
    const span = this.#span
    if (id !== undefined) span.setAttribute(ATTR.responseId, id)
    if (provider !== undefined) span.setAttribute(ATTR.provider, provider)
    if (model !== undefined) span.setAttribute(ATTR.responseModel, model)
    if (finishReasons !== undefined) span.setAttribute(ATTR.finishReasons, [...finishReasons])
    if (messages !== undefined) {
      this.#hasOutput = true
      setJson(span, ATTR.outputMessages, toGenAiMessages(messages), ATTR.outputTruncated)
    }
    for (const [name, tokens] of USAGE_ATTRIBUTES) {
      const count = usage?.[name]
      if (typeof count === 'number' && Number.isFinite(count)) span.setAttribute(tokens, count)
    }
  }
}

const USAGE_ATTRIBUTES = [
  ['inputTokens', ATTR.inputTokens],
  ['outputTokens', ATTR.outputTokens],
  ['cacheReadTokens', ATTR.cacheReadTokens],
  ['cacheWriteTokens', ATTR.cacheWriteTokens],
  ['cacheWrite1hTokens', ATTR.cacheWrite1hTokens],
  ['reasoningTokens', ATTR.reasoningTokens],
] as const satisfies readonly (readonly [keyof ModelUsage, string])[]

function toSystemParts(system: unknown): unknown {
  return typeof system === 'string' ? [{ type: 'text', content: system }] : system
}

function setJson(span: Span, name: string, value: unknown, truncatedName: string): void {
  try {
    span.setAttributes(previewAttributes(name, JSON.stringify(value) ?? 'null', truncatedName))
  } catch {
    // A message that JSON can't hold must not fail the model call.
  }
}
