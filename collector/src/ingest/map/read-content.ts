import type { JsonValue, SpanKind } from '@cairn/sdk/protocol'
import type { AttributeValue, OtlpSpan } from '../otlp/types.ts'
import type { Found } from './collect-fields.ts'
import { type Message, messageText, toMessages } from './messages.ts'
import { cut } from './read-text.ts'
import { isJsonObject, mapToJson, parseJsonText, toJson } from './to-json.ts'
import { unflatten } from './unflatten.ts'

const PREVIEW_CHARS = 200
/** Enough to cut a preview from, unless much of it is white space. */
const PREVIEW_SCAN_CHARS = 260
const MOST_SCANNED_CHARS = 2_000

export interface ReadContent {
  readonly input: JsonValue | undefined
  readonly output: JsonValue | undefined
  readonly inputMessages: Message[] | null
  readonly outputMessages: Message[] | null
  /** The one attribute that it is from, where that is a text. */
  readonly inputSent: string | undefined
  readonly outputSent: string | undefined
  readonly system: JsonValue | undefined
  readonly toolDefinitions: JsonValue | undefined
  readonly inputPreview: string
  readonly outputPreview: string
}

export function readContent(span: OtlpSpan, found: Found, kind: SpanKind): ReadContent {
  const events = readContentEvents(span)
  const inputAttribute = messagesOf(found.fields.inputMessages, 'user')
  const inputMessages =
    inputAttribute ??
    flattenedMessages(found, 'llm.input_messages', 'user') ??
    flattenedMessages(found, 'gen_ai.prompt', 'user') ??
    events.input ??
    (kind === 'model' ? messagesOf(found.fields.input, 'user') : null)
  const outputAttribute = messagesOf(found.fields.outputMessages, 'assistant')
  const outputMessages =
    outputAttribute ??
    flattenedMessages(found, 'llm.output_messages', 'assistant') ??
    flattenedMessages(found, 'gen_ai.completion', 'assistant') ??
    responseMessages(found) ??
    events.output ??
    (kind === 'model' ? messagesOf(found.fields.output, 'assistant') : null)
  const input = inputMessages === null ? parse(found.fields.input) : undefined
  const output =
    outputMessages === null
      ? (flattenedList(found, 'retrieval.documents') ?? flattenedList(found, 'reranker.output_documents') ?? parse(found.fields.output))
      : undefined
  return {
    input,
    output,
    inputMessages,
    outputMessages,
    inputSent: textOf(inputMessages === null ? found.fields.input : inputAttribute === null ? undefined : found.fields.inputMessages),
    outputSent: textOf(outputMessages === null ? found.fields.output : outputAttribute === null ? undefined : found.fields.outputMessages),
    system: parse(found.fields.system) ?? events.system,
    toolDefinitions:
      parse(found.fields.toolDefinitions) ?? flattenedList(found, 'llm.tools') ?? flattenedList(found, 'llm.request.functions'),
    inputPreview: inputMessages === null ? preview(input) : preview(lastText(inputMessages)),
    outputPreview: outputMessages === null ? preview(output) : preview(outputMessages.map(messageText).join('\n')),
  }
}

const textOf = (value: AttributeValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined)

function parse(value: AttributeValue | undefined): JsonValue | undefined {
  return value === undefined ? undefined : parseJsonText(toJson(value))
}

function messagesOf(value: AttributeValue | undefined, role: string): Message[] | null {
  if (value === undefined) return null
  const json = parseJsonText(toJson(value))
  return toMessages(Array.isArray(json) ? json.map(parseJsonText) : json, role)
}

function flattenedList(found: Found, root: keyof Found['flattened']): JsonValue[] | undefined {
  const entries = found.flattened[root]
  return entries === undefined ? undefined : unflatten(entries)
}

function flattenedMessages(found: Found, root: keyof Found['flattened'], role: string): Message[] | null {
  const list = flattenedList(found, root)
  return list === undefined ? null : toMessages(list, role)
}

/** The AI SDK's own telemetry gives the answer's text and tool calls apart. */
function responseMessages(found: Found): Message[] | null {
  const text = found.fields.responseText
  const calls = parse(found.fields.responseToolCalls)
  if (text === undefined && calls === undefined) return null
  return toMessages([{ role: 'assistant', content: text === undefined ? null : toJson(text), tool_calls: calls ?? null }], 'assistant')
}

/** Messages that older emitters put into span events instead of attributes. */
function readContentEvents(span: OtlpSpan): { input: Message[] | null; output: Message[] | null; system: JsonValue | undefined } {
  const input: JsonValue[] = []
  const output: JsonValue[] = []
  let system: JsonValue | undefined
  for (const { name, attributes } of span.events) {
    if (!name.startsWith('gen_ai.')) continue
    const whole = mapToJson(attributes)
    if (name === 'gen_ai.client.inference.operation.details') {
      push(input, parse(attributes.get('gen_ai.input.messages')))
      push(output, parse(attributes.get('gen_ai.output.messages')))
      system = parse(attributes.get('gen_ai.system_instructions')) ?? system
    } else if (name === 'gen_ai.content.prompt') push(input, parse(attributes.get('gen_ai.prompt')))
    else if (name === 'gen_ai.content.completion') push(output, parse(attributes.get('gen_ai.completion')))
    else if (name === 'gen_ai.choice') output.push(eventMessage(whole, 'assistant'))
    else if (name.endsWith('.message')) input.push(eventMessage(whole, name.split('.')[1] ?? 'user'))
  }
  return { input: toMessages(input, 'user'), output: toMessages(output, 'assistant'), system }
}

function push(list: JsonValue[], value: JsonValue | undefined): void {
  if (Array.isArray(value)) list.push(...value)
  else if (typeof value === 'string') list.push({ content: value })
  else if (value !== undefined) list.push(value)
}

/** `gen_ai.user.message` and its like: the role stands in the event's name unless it is given. */
export function eventMessage(body: Record<string, JsonValue>, role: string): JsonValue {
  const message = parseJsonText(body.message ?? null)
  const inner = isJsonObject(message) ? message : body
  return {
    role: typeof inner.role === 'string' ? inner.role : role,
    content: parseJsonText(inner.content ?? inner['gen_ai.event.content'] ?? (typeof message === 'string' ? message : null)),
    ...(inner.tool_calls === undefined ? {} : { tool_calls: parseJsonText(inner.tool_calls) }),
    ...(role !== 'tool' || inner.id === undefined ? {} : { tool_call_id: inner.id }),
    ...(body.finish_reason === undefined ? {} : { finish_reason: body.finish_reason }),
  }
}

function lastText(messages: Message[]): string {
  const last = messages.findLast((message) => message.role === 'user') ?? messages.at(-1)
  return last === undefined ? '' : messageText(last)
}

function preview(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const line = toLine(text.slice(0, PREVIEW_SCAN_CHARS))
  const isEnough = line.length >= PREVIEW_CHARS || text.length <= PREVIEW_SCAN_CHARS
  return cut(isEnough ? line : toLine(text.slice(0, MOST_SCANNED_CHARS)), PREVIEW_CHARS)
}

/** White space that is not one space between words. */
const FOLDABLE = /[^\S ]| {2}/
const toLine = (text: string): string => (FOLDABLE.test(text) ? text.replace(/\s+/g, ' ') : text).trim()
