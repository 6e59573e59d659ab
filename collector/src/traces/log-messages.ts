import type { SpanLog } from '@cairn/clickhouse'
import type { JsonValue } from '@cairn/sdk/protocol'
import { type Message, toMessages } from '../ingest/map/messages.ts'
import { eventMessage } from '../ingest/map/read-content.ts'
import { isJsonObject, parseJsonText } from '../ingest/map/to-json.ts'

export interface LogMessages {
  readonly input: Message[] | null
  readonly output: Message[] | null
  readonly system: JsonValue
}

/** The messages in a span's GenAI log records, which emitters send instead of attributes. */
export function logMessages(logs: readonly SpanLog[]): LogMessages {
  const input: JsonValue[] = []
  const output: JsonValue[] = []
  let system: JsonValue = null
  for (const { name, body, attributes } of logs) {
    const given = JSON.parse(body) as JsonValue
    const fields = JSON.parse(attributes) as Record<string, JsonValue>
    if (name === 'gen_ai.client.inference.operation.details') {
      const all = { ...fields, ...(isJsonObject(given) ? given : {}) }
      pushAll(input, all['gen_ai.input.messages'])
      pushAll(output, all['gen_ai.output.messages'])
      system = parseJsonText(all['gen_ai.system_instructions'] ?? system)
      continue
    }
    const message = isJsonObject(given) ? given : { ...fields, ...(given === null ? {} : { content: given }) }
    if (name === 'gen_ai.choice') output.push(eventMessage(message, 'assistant'))
    else if (name.endsWith('.message')) input.push(eventMessage(message, name.split('.')[1] ?? 'user'))
  }
  return { input: toMessages(input, 'user'), output: toMessages(output, 'assistant'), system }
}

function pushAll(list: JsonValue[], value: JsonValue | undefined): void {
  const parsed = parseJsonText(value ?? null)
  if (Array.isArray(parsed)) list.push(...parsed)
}
