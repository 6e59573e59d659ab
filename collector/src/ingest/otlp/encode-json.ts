import type { Attributes, AttributeValue, OtlpSpan, OtlpSpanGroup } from './types.ts'

/** Spans that the collector itself makes, as a request that was sent: `decodeTracesJson` gives the same groups. */
export function encodeTracesJson(groups: readonly OtlpSpanGroup[]): Buffer {
  const resourceSpans = groups.map(({ resource, scope, schemaUrl, items }) => ({
    resource: { attributes: encodeAttributes(resource) },
    scopeSpans: [
      {
        scope: { name: scope.name, version: scope.version, attributes: encodeAttributes(scope.attributes) },
        schemaUrl,
        spans: items.map(encodeSpan),
      },
    ],
  }))
  return Buffer.from(JSON.stringify({ resourceSpans }))
}

function encodeSpan(span: OtlpSpan): object {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    traceState: span.traceState,
    flags: span.flags,
    name: span.name,
    kind: span.kind,
    startTimeUnixNano: span.startNs.toString(),
    endTimeUnixNano: span.endNs.toString(),
    attributes: encodeAttributes(span.attributes),
    events: span.events.map((event) => ({
      timeUnixNano: event.timeNs.toString(),
      name: event.name,
      attributes: encodeAttributes(event.attributes),
    })),
    links: span.links.map(({ attributes, ...link }) => ({ ...link, attributes: encodeAttributes(attributes) })),
    status: { code: span.statusCode, message: span.statusMessage },
    droppedAttributesCount: span.droppedAttributes,
    droppedEventsCount: span.droppedEvents,
    droppedLinksCount: span.droppedLinks,
  }
}

const encodeAttributes = (attributes: Attributes): object[] => [...attributes].map(([key, value]) => ({ key, value: encodeValue(value) }))

function encodeValue(value: AttributeValue): object {
  switch (typeof value) {
    case 'string':
      return { stringValue: value }
    case 'boolean':
      return { boolValue: value }
    case 'bigint':
      return { intValue: value.toString() }
    case 'number':
      // JSON.stringify would make 0 of it: protobuf's JSON takes a number as a text too.
      if (Object.is(value, -0)) return { doubleValue: '-0' }
      if (Number.isSafeInteger(value)) return { intValue: String(value) }
      // JSON has no such numbers: protobuf's JSON writes their names.
      return { doubleValue: Number.isFinite(value) ? value : String(value) }
    default:
      if (value === null) return {}
      if (Array.isArray(value)) return { arrayValue: { values: value.map(encodeValue) } }
      if (value instanceof Map) return { kvlistValue: { values: encodeAttributes(value) } }
      return { bytesValue: Buffer.from(value).toString('base64') }
  }
}
