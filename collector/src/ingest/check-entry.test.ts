import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkEntry } from './check-entry.ts'
import { refuseSpan } from './map/map-span.ts'
import { decodeTracesJson } from './otlp/decode-json.ts'
import { decodeTracesProto } from './otlp/decode-proto.ts'
import { encodeTracesJson } from './otlp/encode-json.ts'
import { encodeByOracle } from './otlp/otlp-proto.fixture.ts'

const fixture = (file: string) => readFileSync(join(import.meta.dirname, 'map', 'fixtures', file))
const requests = ['gen-ai.otlp', 'openinference-openai.otlp'].map(fixture)

const Value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.record({ stringValue: fc.string({ unit: 'grapheme' }) }),
    fc.record({ intValue: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String) }),
    fc.record({ doubleValue: fc.double() }),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie('any'), { maxLength: 3 }) }) }),
    fc.record({ kvlistValue: fc.record({ values: fc.array(fc.record({ key: fc.string(), value: tie('any') }), { maxLength: 3 }) }) }),
  ),
})).any
const id = (bytes: number) => fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ minLength: bytes, maxLength: bytes }))
const Time = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String)
const Span = fc.record({
  traceId: id(16),
  spanId: id(8),
  name: fc.string(),
  startTimeUnixNano: fc.oneof(Time, fc.constantFrom('0', '1', '4294967296', '9223372036854775807', '9223372036854775808')),
  endTimeUnixNano: Time,
  attributes: fc.array(fc.record({ key: fc.string(), value: Value }), { maxLength: 4 }),
  events: fc.array(
    fc.record({ name: fc.string(), attributes: fc.array(fc.record({ key: fc.string(), value: Value }), { maxLength: 2 }) }),
    {
      maxLength: 2,
    },
  ),
})
const toBody = (spans: object[]) => encodeByOracle('TracesData', { resourceSpans: [{ scopeSpans: [{ spans }] }] })

/** What the decoder, which runs after the acknowledgement, makes of a body: how many spans it refuses; undefined: it throws. */
function refusedByDecoder(body: Buffer): number | undefined {
  try {
    return decodeTracesProto(body).flatMap(({ items }) => items.filter((span) => refuseSpan(span) !== null)).length
  } catch {
    return undefined
  }
}

function refusedByCheck(body: Buffer): number | undefined {
  try {
    return checkEntry({ signal: 'traces', encoding: 'protobuf', body }).rejected
  } catch (error) {
    expect(error).toMatchObject({ code: 'malformed' })
    return undefined
  }
}

describe('the check before the acknowledgement', () => {
  test('counts the spans that the decoder will leave out, and lets through no request that it can not read', () => {
    fc.assert(
      fc.property(fc.array(Span, { maxLength: 5 }), (spans) => {
        const body = toBody(spans)
        expect(refusedByCheck(body)).toBe(refusedByDecoder(body))
      }),
    )
  })

  test('agrees with the decoder on requests of real emitters in which bytes were changed or cut', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...requests),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
        fc.option(fc.nat(), { freq: 3 }),
        (request, changes, cut) => {
          const body = Buffer.from(cut === null ? request : request.subarray(0, cut % request.length))
          for (const [at, byte] of changes) if (body.length > 0) body[at % body.length] = byte
          const decoded = refusedByDecoder(body)
          const checked = refusedByCheck(body)
          // Times that a changed byte has scattered over more months than an insert takes are refused by the check alone.
          if (checked !== undefined || decoded === undefined) expect(checked).toBe(decoded)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test('knows of nesting that is too deep', () => {
    const field = (number: number, bytes: Buffer) => Buffer.concat([Buffer.from([(number << 3) | 2]), varint(bytes.length), bytes])
    const varint = (n: number) => Buffer.from(n < 128 ? [n] : [(n & 127) | 128, n >> 7])
    let value = field(1, Buffer.from('x'))
    for (let depth = 0; depth < 110; depth++) value = field(5, field(1, value))
    const body = field(1, field(2, field(2, field(9, field(2, value)))))
    expect(refusedByDecoder(body)).toBeUndefined()
    expect(refusedByCheck(body)).toBeUndefined()
  })

  test('refuses what a few bytes would make a great many objects of', () => {
    const varint = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...varint(Math.floor(n / 128))])
    const field = (number: number, bytes: Buffer) => Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(bytes.length)]), bytes])
    const spans = (count: number) => field(1, field(2, Buffer.from('1200'.repeat(count), 'hex')))
    expect(refusedByCheck(spans(10_000))).toBe(10_000)
    const tooLarge = { code: 'too_large', message: expect.stringContaining('1,000,000') }
    const check = (signal: 'traces' | 'logs', encoding: 'protobuf' | 'json', body: Buffer) => () => checkEntry({ signal, encoding, body })
    expect(check('traces', 'protobuf', spans(1_000_001))).toThrow(expect.objectContaining(tooLarge))
    expect(check('logs', 'protobuf', spans(1_000_001))).toThrow(expect.objectContaining(tooLarge))
    const json = Buffer.from(`{"resourceSpans":[{"scopeSpans":[{"spans":[${'{},'.repeat(2_000_000)}{}]}]}]}`)
    expect(check('traces', 'json', json)).toThrow(expect.objectContaining(tooLarge))
    // Brackets in a text are text.
    const span = { name: JSON.stringify({ q: '\\"' }) + '[{'.repeat(1_500_000) }
    const text = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }))
    expect(checkEntry({ signal: 'traces', encoding: 'json', body: text }).rejected).toBe(1)
  })

  test('objects of JSON that say what they are worth are no numbers, and no fault of the collector', () => {
    const hostile = { toString: 1, valueOf: 1 }
    for (const field of ['flags', 'traceId', 'name', 'startTimeUnixNano', 'attributes', 'status', 'kind']) {
      const body = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ [field]: hostile }] }] }] }))
      let code = 'none'
      try {
        checkEntry({ signal: 'traces', encoding: 'json', body })
      } catch (error) {
        code = String((error as { code?: string }).code)
      }
      expect(['none', 'malformed'], field).toContain(code)
    }
  })

  test('spans that the collector makes come back from their encoding as they were', () => {
    fc.assert(
      fc.property(fc.array(Span, { maxLength: 3 }), (spans) => {
        const groups = decodeTracesProto(toBody(spans))
        expect(JSON.stringify(encodeTracesJson(decodeTracesJson(encodeTracesJson(groups))))).toBe(JSON.stringify(encodeTracesJson(groups)))
      }),
    )
  })
})
