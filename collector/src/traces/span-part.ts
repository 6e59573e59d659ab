import type { Cut, JsonValue, ReadSpanPart, Span, SpanPart } from '@cairn/sdk/protocol'
import { notFound } from '../errors.ts'
import { cutValue, findAt, sliceEntries, sliceText } from './cut-value.ts'

/** What of a span can be long. */
const LARGE = [
  'input',
  'output',
  'messages',
  'system',
  'toolDefinitions',
  'parameters',
  'metadata',
  'errorStack',
  'attributes',
  'resource',
  'events',
  'links',
] as const

/** The span with about `maxChars` characters left of each of its large parts. */
export function cutSpan(span: Span, maxChars: number): Span {
  const cuts: Cut[] = []
  const short: Record<string, JsonValue> = {}
  for (const field of LARGE) {
    const left = cutValue(span[field] as JsonValue, `/${field}`, maxChars)
    short[field] = left.value
    cuts.push(...left.cuts)
  }
  return { ...span, ...short, cuts }
}

/** A piece of one value of a span. @throws {CollectorError} `not_found` */
export function readSpanPart(span: Span, { at, offset, chars }: ReadSpanPart): SpanPart {
  const value = findAt(span as unknown as JsonValue, at)
  if (typeof value === 'string') {
    const text = sliceText(value, offset, chars)
    const end = offset + text.length
    return { at, kind: 'text', offset, of: value.length, text, next: end < value.length && text !== '' ? end : null }
  }
  if (value === null || typeof value !== 'object') throw notFound(`a text, list or object at ${at.slice(0, 200)} of span ${span.spanId}`)
  const { entries, end, of, cuts } = sliceEntries(value, at, offset, chars)
  return { at, kind: 'items', offset, of, entries, cuts, next: end < of && end > offset ? end : null }
}
