import { randomBytes } from 'node:crypto'
import { prose } from './prose.ts'

const MODELS = ['gpt-4o-mini', 'gpt-4o', 'gpt-4.1-mini'] as const
/** Model calls of one trace, under one agent span. */
const CALLS = 9
const SPANS_A_TRACE = CALLS + 1

/** A request whose ids and times can be made new without encoding it again. */
export interface RequestTemplate {
  readonly body: Buffer
  readonly spans: number
  readonly places: readonly SpanPlace[]
}

/** Where the changing bytes of a span lie in the body. */
interface SpanPlace {
  readonly traceId: number
  readonly spanId: number
  readonly parentSpanId: number | undefined
  readonly start: number
  readonly end: number
  /** The first of its trace: the others lie under it. */
  readonly isRoot: boolean
}

/** ExportTraceServiceRequest with so many GenAI spans, whose texts make it about `spanBytes` a span on the wire. */
export function makeRequest(spans: number, spanBytes: number): RequestTemplate {
  const encoded = Array.from({ length: spans }, (_, i) => (i % SPANS_A_TRACE === 0 ? agentSpan() : chatSpan(spanBytes)))
  const fields = encoded.map((span) => field(2, span.bytes))
  const resource = field(
    1,
    Buffer.concat([attribute('service.name', 'bench-agent'), attribute('deployment.environment.name', 'bench')].map((a) => field(1, a))),
  )
  const scope = field(1, Buffer.concat([text(1, 'opentelemetry.instrumentation.openai'), text(2, '1.0.0')]))
  const scopeSpans = field(2, Buffer.concat([scope, ...fields]))
  const resourceSpans = field(1, Buffer.concat([resource, scopeSpans]))
  // Each span's place: what lies before the spans, the spans before it, and its own tag and length.
  let at = resourceSpans.length - fields.reduce((sum, one) => sum + one.length, 0)
  const places: SpanPlace[] = []
  for (const [i, one] of fields.entries()) {
    const span = encoded[i]
    if (span === undefined) continue
    const start = at + one.length - span.bytes.length
    const { offsets } = span
    places.push({
      traceId: start + offsets.traceId,
      spanId: start + offsets.spanId,
      parentSpanId: offsets.parentSpanId === undefined ? undefined : start + offsets.parentSpanId,
      start: start + offsets.start,
      end: start + offsets.end,
      isRoot: offsets.parentSpanId === undefined,
    })
    at += one.length
  }
  return { body: resourceSpans, spans, places }
}

/** Gives every span of the request an id of its own and a time just now. In place. */
export function renew({ body, places }: RequestTemplate): void {
  const random = randomBytes(places.length * 8 + 16 * (Math.ceil(places.length / SPANS_A_TRACE) + 1))
  const nowNs = BigInt(Date.now()) * 1_000_000n
  let at = 0
  let traceAt = 0
  let rootAt = 0
  for (const place of places) {
    if (place.isRoot) {
      traceAt = at
      at += 16
      rootAt = at
    }
    random.copy(body, place.traceId, traceAt, traceAt + 16)
    random.copy(body, place.spanId, at, at + 8)
    if (place.parentSpanId !== undefined) random.copy(body, place.parentSpanId, rootAt, rootAt + 8)
    at += 8
    body.writeBigUInt64LE(nowNs - 1_000_000_000n, place.start)
    body.writeBigUInt64LE(nowNs, place.end)
  }
}

interface EncodedSpan {
  readonly bytes: Buffer
  readonly offsets: { traceId: number; spanId: number; parentSpanId: number | undefined; start: number; end: number }
}

const agentSpan = (): EncodedSpan =>
  span('invoke_agent research', false, [
    attribute('gen_ai.operation.name', 'invoke_agent'),
    attribute('gen_ai.agent.name', 'research'),
    attribute('gen_ai.conversation.id', randomBytes(8).toString('hex')),
  ])

/** A call as OpenTelemetry's conventions write it: the messages as JSON, and what it used. */
function chatSpan(spanBytes: number): EncodedSpan {
  const model = MODELS[Math.floor(Math.random() * MODELS.length)] ?? 'gpt-4o-mini'
  const rest = Math.max(200, spanBytes - 1_150)
  const message = (role: string, chars: number) => ({ role, parts: [{ type: 'text', content: prose(Math.round(chars)) }] })
  const input = [
    message('system', rest * 0.15),
    message('user', rest * 0.25),
    message('assistant', rest * 0.1),
    message('user', rest * 0.2),
  ]
  return span(`chat ${model}`, true, [
    attribute('gen_ai.operation.name', 'chat'),
    attribute('gen_ai.provider.name', 'openai'),
    attribute('gen_ai.request.model', model),
    attribute('gen_ai.response.model', `${model}-2024-07-18`),
    attribute('gen_ai.response.id', `chatcmpl-${randomBytes(12).toString('hex')}`),
    attribute('gen_ai.response.finish_reasons', ['stop']),
    attribute('gen_ai.request.temperature', 0.7),
    attribute('gen_ai.request.max_tokens', 1_024),
    attribute('gen_ai.usage.input_tokens', Math.floor(Math.random() * 4_000)),
    attribute('gen_ai.usage.output_tokens', Math.floor(Math.random() * 800)),
    attribute('gen_ai.agent.name', 'research'),
    attribute('gen_ai.input.messages', JSON.stringify(input)),
    attribute('gen_ai.output.messages', JSON.stringify([{ ...message('assistant', rest * 0.3), finish_reason: 'stop' }])),
    attribute('server.address', 'api.openai.com'),
    attribute('server.port', 443),
    attribute('user.id', `user-${Math.floor(Math.random() * 5_000)}`),
  ])
}

function span(name: string, hasParent: boolean, attributes: Buffer[]): EncodedSpan {
  const parts: Buffer[] = []
  let length = 0
  const push = (part: Buffer): number => {
    parts.push(part)
    length += part.length
    return length
  }
  const traceId = push(field(1, Buffer.alloc(16))) - 16
  const spanId = push(field(2, Buffer.alloc(8))) - 8
  const parentSpanId = hasParent ? push(field(4, Buffer.alloc(8))) - 8 : undefined
  push(text(5, name))
  push(Buffer.from([0x30, 3]))
  const start = push(Buffer.concat([Buffer.from([0x39]), Buffer.alloc(8)])) - 8
  const end = push(Buffer.concat([Buffer.from([0x41]), Buffer.alloc(8)])) - 8
  for (const one of attributes) push(field(9, one))
  push(field(15, Buffer.from([0x18, 1])))
  return { bytes: Buffer.concat(parts), offsets: { traceId, spanId, parentSpanId, start, end } }
}

type Value = string | number | readonly string[]
const attribute = (key: string, value: Value): Buffer => Buffer.concat([text(1, key), field(2, anyValue(value))])

function anyValue(value: Value): Buffer {
  if (typeof value === 'string') return text(1, value)
  if (typeof value === 'object') return field(5, Buffer.concat(value.map((item) => field(1, anyValue(item)))))
  if (Number.isInteger(value)) return Buffer.concat([Buffer.from([0x18]), varint(value)])
  const bytes = Buffer.alloc(9)
  bytes[0] = 0x21
  bytes.writeDoubleLE(value, 1)
  return bytes
}

const text = (number: number, value: string): Buffer => field(number, Buffer.from(value))
const field = (number: number, bytes: Buffer): Buffer => Buffer.concat([Buffer.from([(number << 3) | 2]), varint(bytes.length), bytes])

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  return Buffer.from([...bytes, rest])
}
