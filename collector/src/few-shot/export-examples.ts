import type { FewShotExample, JsonValue } from '@cairn/sdk/protocol'
import { stringify } from 'csv-stringify/sync'
import { escapeFormula } from '../http/csv.ts'

export interface ExportedFile {
  readonly text: string
  readonly contentType: string
  readonly extension: string
}

const asText = (value: JsonValue) => (typeof value === 'string' ? value : JSON.stringify(value))
const asLines = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')
const LINES = { contentType: 'application/x-ndjson; charset=utf-8', extension: 'jsonl' } as const

/** The examples as a file: for fine-tuning at OpenAI, for Anthropic's messages, whole as JSON lines, or as a table. */
export function exportExamples(examples: readonly FewShotExample[], format: 'openai' | 'anthropic' | 'jsonl' | 'csv'): ExportedFile {
  switch (format) {
    case 'openai':
      return {
        ...LINES,
        text: asLines(examples.map((e) => ({ messages: e.messages.map((m) => ({ role: m.role, content: asText(m.content) })) }))),
      }
    case 'anthropic':
      return { ...LINES, text: asLines(examples.map(toAnthropic)) }
    case 'jsonl':
      return { ...LINES, text: asLines(examples) }
    case 'csv':
      return {
        contentType: 'text/csv; charset=utf-8',
        extension: 'csv',
        text: stringify(
          examples.map((e) =>
            [e.id, asText(e.input), asText(e.output), e.runId ?? '', e.tags.join(' '), e.note ?? '', e.createdAt].map(escapeFormula),
          ),
          { header: true, columns: ['id', 'input', 'output', 'runId', 'tags', 'note', 'createdAt'] },
        ),
      }
  }
}

/** Anthropic takes the system prompt apart from the messages. */
function toAnthropic(example: FewShotExample) {
  const system = example.messages.filter((m) => m.role === 'system').map((m) => asText(m.content))
  return {
    ...(system.length > 0 ? { system: system.join('\n') } : {}),
    messages: example.messages.filter((m) => m.role !== 'system').map((m) => ({ role: m.role, content: asText(m.content) })),
  }
}
