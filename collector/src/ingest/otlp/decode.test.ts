import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { IngestError } from '../errors.ts'
import { decodeLogsJson, decodeTracesJson } from './decode-json.ts'
import { decodeLogsProto, decodeTracesProto } from './decode-proto.ts'
import { encodeExportAnswer, encodeStatus } from './encode-answer.ts'
import { decodeByOracle, encodeByOracle } from './otlp-proto.fixture.ts'

/** A value as OTLP/JSON writes it; the oracle takes the same with Longs as strings and ids as bytes. */
type Json = Record<string, unknown>

const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.constantFrom('gen_ai.request.model', 'ключ', '', 'a'.repeat(200)))
const hex = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((b) => Buffer.from(b).toString('hex'))
const nanos = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String)
const anyValue: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.record({ stringValue: text }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ intValue: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String) }),
    // JSON has no -0.
    fc.record({ doubleValue: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)) }),
    fc.record({ bytesValue: fc.uint8Array({ maxLength: 20 }).map((b) => Buffer.from(b).toString('base64')) }),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie('value'), { maxLength: 3 }) }) }),
    fc.record({ kvlistValue: fc.record({ values: fc.array(fc.record({ key: text, value: tie('value') }), { maxLength: 3 }) }) }),
  ),
})).value
const attributes = fc.array(fc.record({ key: text, value: anyValue }), { maxLength: 6 })
const span = fc.record({
  traceId: hex(16),
  spanId: hex(8),
  parentSpanId: fc.oneof(hex(8), fc.constant('')),
  traceState: text,
  flags: fc.nat(0xffff),
  name: text,
  kind: fc.nat(5),
  startTimeUnixNano: nanos,
  endTimeUnixNano: nanos,
  attributes,
  events: fc.array(fc.record({ timeUnixNano: nanos, name: text, attributes }), { maxLength: 2 }),
  links: fc.array(fc.record({ traceId: hex(16), spanId: hex(8), traceState: text, attributes }), { maxLength: 2 }),
  status: fc.record({ code: fc.nat(2), message: text }),
  droppedAttributesCount: fc.nat(9),
  droppedEventsCount: fc.nat(9),
  droppedLinksCount: fc.nat(9),
})
const scope = fc.record({ name: text, version: text, attributes })
const traces = fc.record({
  resourceSpans: fc.array(
    fc.record({
      resource: fc.record({ attributes }),
      scopeSpans: fc.array(fc.record({ scope, schemaUrl: text, spans: fc.array(span, { maxLength: 3 }) }), { maxLength: 2 }),
    }),
    { maxLength: 2 },
  ),
})
const logs = fc.record({
  resourceLogs: fc.array(
    fc.record({
      resource: fc.record({ attributes }),
      scopeLogs: fc.array(
        fc.record({
          scope,
          schemaUrl: text,
          logRecords: fc.array(
            fc.record({
              timeUnixNano: nanos,
              observedTimeUnixNano: nanos,
              severityNumber: fc.nat(24),
              severityText: text,
              eventName: text,
              body: anyValue,
              attributes,
              traceId: hex(16),
              spanId: hex(8),
            }),
            { maxLength: 3 },
          ),
        }),
        { maxLength: 2 },
      ),
    }),
    { maxLength: 2 },
  ),
})

const ID_FIELDS = new Set(['traceId', 'spanId', 'parentSpanId'])
const idsAsBytes = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(idsAsBytes)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, ID_FIELDS.has(key) ? Buffer.from(String(inner), 'hex') : idsAsBytes(inner)]),
  )
}
const asJson = (value: unknown) => Buffer.from(JSON.stringify(value))

describe('decoding OTLP', () => {
  test('protobuf as protobufjs writes it and the same request as JSON give the same spans', () => {
    fc.assert(
      fc.property(traces, (request) => {
        const fromProto = decodeTracesProto(encodeByOracle('TracesData', idsAsBytes(request) as object))
        expect(fromProto).toEqual(decodeTracesJson(asJson(request)))
        expect(fromProto.flatMap((group) => group.items.map((item) => item.startNs))).toEqual(
          request.resourceSpans.flatMap((r) => r.scopeSpans.flatMap((s) => s.spans.map((item) => BigInt(item.startTimeUnixNano)))),
        )
      }),
      { numRuns: 200 },
    )
  })

  test('logs likewise', () => {
    fc.assert(
      fc.property(logs, (request) => {
        expect(decodeLogsProto(encodeByOracle('LogsData', idsAsBytes(request) as object))).toEqual(decodeLogsJson(asJson(request)))
      }),
      { numRuns: 100 },
    )
  })

  test('bytes that are no request are refused, and nothing else happens', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeTracesProto(Buffer.from(bytes))
        } catch (error) {
          expect(error).toBeInstanceOf(IngestError)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  test('a request cut short is refused', () => {
    const whole = encodeByOracle('TracesData', {
      resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'a span', traceId: Buffer.alloc(16, 1) }] }] }],
    })
    for (let length = 1; length < whole.length; length++) expect(() => decodeTracesProto(whole.subarray(0, length))).toThrow(IngestError)
  })

  test('JSON: bare 64-bit numbers keep all digits, enums may be names, unknown fields are ignored, null is the default', () => {
    const [group] = decodeTracesJson(
      Buffer.from(`{"extra":1,"resourceSpans":[{"resource":null,"scopeSpans":[{"scope":{"name":"s","future":[]},"spans":[{
        "traceId":"0102030405060708090A0B0C0D0E0F10","spanId":"0102030405060708","name":"n","kind":"SPAN_KIND_CLIENT",
        "startTimeUnixNano":1544712660300000123,"endTimeUnixNano":"1544712661000000456","status":{"code":"STATUS_CODE_ERROR"},
        "attributes":[{"key":"big","value":{"intValue":9007199254740993}},{"key":"small","value":{"intValue":"5"}},{"key":"none","value":{}}],
        "events":null}]}]}]}`),
    )
    const [item] = group?.items ?? []
    expect(item).toMatchObject({
      traceId: '0102030405060708090a0b0c0d0e0f10',
      kind: 3,
      statusCode: 2,
      startNs: 1544712660300000123n,
      endNs: 1544712661000000456n,
    })
    expect(item?.attributes).toEqual(
      new Map<string, unknown>([
        ['big', 9007199254740993n],
        ['small', 5],
        ['none', null],
      ]),
    )
  })

  test('JSON that is no request is refused', () => {
    for (const body of ['', '[]', '{"resourceSpans":5}', '{"resourceSpans":[1]}', '{', 'null'])
      expect(() => decodeTracesJson(Buffer.from(body)), body).toThrow(IngestError)
  })

  test('values nested past a hundred levels are refused in both encodings', () => {
    let value: Json = { stringValue: 'deep' }
    for (let i = 0; i < 150; i++) value = { arrayValue: { values: [value] } }
    const request = { resourceSpans: [{ scopeSpans: [{ spans: [{ attributes: [{ key: 'deep', value }] }] }] }] }
    expect(() => decodeTracesJson(asJson(request))).toThrow(/deeper/)
    const wrap = (tag: number, inner: Buffer): Buffer => {
      const length = inner.length < 128 ? [inner.length] : [(inner.length & 0x7f) | 0x80, inner.length >> 7]
      return Buffer.concat([Buffer.from([tag, ...length]), inner])
    }
    let deep = wrap(0x0a, Buffer.from('deep'))
    for (let i = 0; i < 150; i++) deep = wrap(0x2a, wrap(0x0a, deep))
    const attribute = wrap(0x4a, wrap(0x12, deep))
    expect(() => decodeTracesProto(wrap(0x0a, wrap(0x12, wrap(0x12, attribute))))).toThrow(/deeper/)
  })
})

describe('answers', () => {
  test('a full success is the empty message', () => {
    expect(encodeExportAnswer('protobuf', 'Spans', 0, '')).toHaveLength(0)
    expect(encodeExportAnswer('json', 'Spans', 0, '').toString()).toBe('{}')
  })

  test('a partial success says how many and why, in the request’s encoding', () => {
    const why = 'one has no id: '.repeat(20)
    expect(decodeByOracle('ExportTraceServiceResponse', encodeExportAnswer('protobuf', 'Spans', 300, why))).toEqual({
      partialSuccess: { rejectedSpans: '300', errorMessage: why },
    })
    expect(JSON.parse(encodeExportAnswer('json', 'Spans', 300, why).toString())).toEqual({
      partialSuccess: { rejectedSpans: '300', errorMessage: why },
    })
  })

  test('a refusal is a google.rpc.Status', () => {
    expect(decodeByOracle('RpcStatus', encodeStatus('protobuf', 8, 'too large'))).toEqual({ code: 8, message: 'too large' })
    expect(JSON.parse(encodeStatus('json', 3, 'bad').toString())).toEqual({ code: 3, message: 'bad' })
  })
})
