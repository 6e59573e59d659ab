import type { AttributeValue, OtlpSpan } from '../otlp/types.ts'
import type { Found } from './collect-fields.ts'

const FIRST_CHUNK_EVENTS = new Set([
  'gen_ai.content.completion.chunk',
  'ai.stream.firstChunk',
  'First Token Stream Event',
  'llm.content.completion.chunk',
])

/** Milliseconds from the start of the call to its first token; null where no one says. */
export function readFirstToken(span: OtlpSpan, found: Found): number | null {
  const ms = toNumber(found.fields.firstTokenMs)
  if (ms !== undefined) return ms
  const seconds = toNumber(found.fields.firstTokenSeconds)
  if (seconds !== undefined) return seconds * 1_000
  const at = found.fields.firstTokenTime
  if (typeof at === 'string') {
    const since = Date.parse(at.replace(/^"|"$/g, '')) - Number(span.startNs / 1_000_000n)
    if (Number.isFinite(since) && since >= 0) return since
  }
  const chunk = span.events.find((event) => FIRST_CHUNK_EVENTS.has(event.name))
  return chunk === undefined || chunk.timeNs < span.startNs ? null : Number(chunk.timeNs - span.startNs) / 1e6
}

function toNumber(value: AttributeValue | undefined): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined
}
