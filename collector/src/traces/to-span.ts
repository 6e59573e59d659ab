import type { SpanBody, SpanLog, SpanSummaryRow } from '@cairn/clickhouse'
import type { JsonValue, Span, SpanSummary } from '@cairn/sdk/protocol'
import { toMessages } from '../ingest/map/messages.ts'
import { parseJsonText } from '../ingest/map/to-json.ts'
import { logMessages } from './log-messages.ts'

/** A row of the store as the API's span. Kinds, statuses and ids were checked when they were stored. */
export function toSummary(row: SpanSummaryRow): SpanSummary {
  return row as unknown as SpanSummary
}

/** A span whole. Messages are those of its input; where it has none, those that came as log records. */
export function toSpan(row: SpanSummaryRow, body: SpanBody | undefined, logs: readonly SpanLog[]): Span {
  const fromLogs = logMessages(logs)
  const input = readContent(body?.inputForm, body?.input, 'user') ?? fromLogs.input
  return {
    ...toSummary(row),
    input,
    output: readContent(body?.outputForm, body?.output, 'assistant') ?? fromLogs.output,
    messages: body?.inputForm === 'messages' ? input : fromLogs.input,
    system: parse(body?.system) ?? fromLogs.system,
    toolDefinitions: parse(body?.tools),
    parameters: parseObject(body?.parameters),
    metadata: parseObject(body?.metadata),
    errorStack: body?.errorStack ?? '',
    attributes: parseObject(body?.attributes),
    resource: parseObject(body?.resource),
    scope: { name: body?.scopeName ?? '', version: body?.scopeVersion ?? '' },
    events: parseList(body?.events) as Span['events'],
    links: parseList(body?.links) as Span['links'],
  }
}

function readContent(form: SpanBody['inputForm'] | undefined, texts: readonly string[] | undefined, role: string): JsonValue {
  if (form === 'value') return parse(texts?.[0])
  if (form !== 'messages') return null
  const messages = (texts ?? []).map(parseJsonText)
  // They lie there as they were sent.
  return toMessages(messages, role) ?? messages
}

/** Texts were written by us as JSON; null where there is none. */
function parse(text: string | null | undefined): JsonValue {
  return text === undefined || text === null || text === '' ? null : (JSON.parse(text) as JsonValue)
}

function parseObject(text: string | undefined): Record<string, JsonValue> {
  return (parse(text) ?? {}) as Record<string, JsonValue>
}

function parseList(text: string | undefined): JsonValue[] {
  return (parse(text) ?? []) as JsonValue[]
}
