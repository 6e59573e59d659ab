import type { Cut, JsonValue, Span, SpanSummary, TranscriptItem, TranscriptMessage } from '@cairn/sdk/protocol'
import { type Message, toMessages } from '../ingest/map/messages.ts'
import { isJsonObject } from '../ingest/map/to-json.ts'
import { cutValue } from '../traces/cut-value.ts'
import { canonicalHash } from './canonical.ts'
import type { Entry } from './outline.ts'
import type { Told } from './told.ts'

const SHORTEST = 200

/** How many characters a page may still take: whatever its messages are, it stays a page. */
export interface PageBudget {
  readonly maxChars: number
  left: number
}

interface Texts {
  readonly span: Span | undefined
  /** Of its instructions as they are stored; empty: they lie elsewhere, or there are none. */
  readonly systemHash: string
}

/** An entry with its texts, of which those that its conversation has told before are left out. */
export function toItem(entry: Entry, { span, systemHash }: Texts, told: Told, budget: PageBudget): TranscriptItem {
  const { type, span: summary, depth } = entry
  const cuts: Cut[] = []
  const short = (value: unknown, at: string): JsonValue => {
    const left = cutValue((value ?? null) as JsonValue, at, Math.max(SHORTEST, Math.min(budget.maxChars, budget.left)))
    budget.left -= budget.maxChars - Math.max(0, budget.maxChars - JSON.stringify(left.value).length)
    cuts.push(...left.cuts)
    return left.value
  }
  const base = { span: pick(summary), depth, cuts }
  if (type === 'tool' || type === 'documents')
    return { ...base, type, input: short(span?.input, '/input'), output: short(span?.output, '/output') }
  if (type !== 'call') return { ...base, type }
  const input = placed(span?.input, '/input', 'user')
  const output = placed(span?.output, '/output', 'assistant')
  const isNew = told.add(input.map(({ message }) => canonicalHash(message)))
  told.addAnswer(output.map(({ message }) => canonicalHash(message)))
  const added = input.filter((_, i) => isNew[i])
  const show = ({ message, at, isValue }: Placed) => {
    const [part] = isValue && Array.isArray(message.parts) ? message.parts : []
    if (isJsonObject(part)) return { at, role: String(message.role), parts: [{ type: 'value', content: short(part.content, at) }] }
    return toShown(short(message, at), at)
  }
  return {
    ...base,
    type,
    system: told.isNewSystem(span === undefined ? '' : systemHash || textOfSystem(span.system)) ? short(span?.system, '/system') : null,
    added: added.map(show),
    repeated: input.length - added.length,
    output: output.map(show),
  }
}

const textOfSystem = (system: unknown): string => (system === null || system === undefined ? '' : JSON.stringify(system))

interface Placed {
  readonly message: Message
  readonly at: string
  /** It is no message but a value: `at` leads to that. */
  readonly isValue?: boolean
}

/** Messages with the way to them in the span; what is no list of messages is one, with the value as its part. */
function placed(value: unknown, at: string, role: string): Placed[] {
  if (value === null || value === undefined || value === '') return []
  const list = Array.isArray(value) ? toMessages(value as JsonValue, role) : null
  if (list !== null) return list.map((message, i) => ({ message, at: `${at}/${i}` }))
  return [{ message: { role, parts: [{ type: 'value', content: value as JsonValue }] }, at, isValue: true }]
}

function toShown(value: JsonValue, at: string): TranscriptMessage {
  const { role, parts, name, finish_reason: finishReason } = value as Message
  return {
    at,
    role: typeof role === 'string' ? role : 'other',
    parts: Array.isArray(parts) ? parts : [],
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof finishReason === 'string' ? { finishReason } : {}),
  }
}

function pick(span: SpanSummary): TranscriptItem['span'] {
  const { spanId, name, kind, startTime, endTime, durationNs, status, interrupted, agent, model, provider, usage, cost, billable } = span
  const { runId, execution, stepKey, toolName, toolCallId, errorType, errorMessage } = span
  return {
    ...{ spanId, name, kind, startTime, endTime, durationNs, status, interrupted, agent, model, provider, usage, cost, billable },
    ...{ runId, execution, stepKey, toolName, toolCallId, errorType, errorMessage },
  }
}
