/** A value of OpenTelemetry's AnyValue. 64-bit integers past 2^53 are bigint, key-value lists are Maps (their order is kept). */
export type AttributeValue = string | number | bigint | boolean | null | Uint8Array | AttributeValue[] | Attributes
export type Attributes = Map<string, AttributeValue>

export interface OtlpEvent {
  timeNs: bigint
  name: string
  attributes: Attributes
}

export interface OtlpLink {
  traceId: string
  spanId: string
  traceState: string
  attributes: Attributes
}

/** Ids are lower-case hexadecimal as sent: nothing here is checked yet. Times are Unix nanoseconds. */
export interface OtlpSpan {
  traceId: string
  spanId: string
  parentSpanId: string
  traceState: string
  flags: number
  name: string
  /** Number of OpenTelemetry's SpanKind. */
  kind: number
  startNs: bigint
  endNs: bigint
  attributes: Attributes
  events: OtlpEvent[]
  links: OtlpLink[]
  /** 0 unset, 1 ok, 2 error. */
  statusCode: number
  statusMessage: string
  droppedAttributes: number
  droppedEvents: number
  droppedLinks: number
}

export interface OtlpLogRecord {
  timeNs: bigint
  observedNs: bigint
  severity: number
  severityText: string
  eventName: string
  body: AttributeValue
  attributes: Attributes
  traceId: string
  spanId: string
}

export interface OtlpScope {
  name: string
  version: string
  attributes: Attributes
}

/** What one instrumentation scope of one resource sent. */
export interface OtlpGroup<T> {
  resource: Attributes
  scope: OtlpScope
  schemaUrl: string
  items: T[]
}

export type OtlpSpanGroup = OtlpGroup<OtlpSpan>
export type OtlpLogGroup = OtlpGroup<OtlpLogRecord>
