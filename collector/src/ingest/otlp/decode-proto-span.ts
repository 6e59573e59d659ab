import { readAttribute } from './decode-proto-common.ts'
import type { ProtoReader } from './proto-reader.ts'
import type { OtlpEvent, OtlpLink, OtlpSpan } from './types.ts'

export function readSpan(reader: ProtoReader): OtlpSpan {
  const outer = reader.enter()
  const span: OtlpSpan = {
    traceId: '',
    spanId: '',
    parentSpanId: '',
    traceState: '',
    flags: 0,
    name: '',
    kind: 0,
    startNs: 0n,
    endNs: 0n,
    attributes: new Map(),
    events: [],
    links: [],
    statusCode: 0,
    statusMessage: '',
    droppedAttributes: 0,
    droppedEvents: 0,
    droppedLinks: 0,
  }
  while (reader.more) readSpanField(reader, span, reader.varint())
  reader.leave(outer)
  return span
}

/** Cases are tags: field << 3 | wire type, in the order in which exporters write them. */
function readSpanField(reader: ProtoReader, span: OtlpSpan, at: number): void {
  switch (at) {
    case 0x0a:
      span.traceId = reader.hex()
      break
    case 0x12:
      span.spanId = reader.hex()
      break
    case 0x1a:
      span.traceState = reader.string()
      break
    case 0x22:
      span.parentSpanId = reader.hex()
      break
    case 0x2a:
      span.name = reader.string()
      break
    case 0x30:
      span.kind = reader.varint()
      break
    case 0x39:
      span.startNs = reader.fixed64()
      break
    case 0x41:
      span.endNs = reader.fixed64()
      break
    case 0x4a:
      readAttribute(reader, span.attributes)
      break
    case 0x50:
      span.droppedAttributes = reader.uint32()
      break
    case 0x5a:
      span.events.push(readEvent(reader))
      break
    case 0x60:
      span.droppedEvents = reader.uint32()
      break
    case 0x6a:
      span.links.push(readLink(reader))
      break
    case 0x70:
      span.droppedLinks = reader.uint32()
      break
    case 0x7a:
      readStatus(reader, span)
      break
    case 0x85:
      span.flags = reader.fixed32()
      break
    default:
      reader.skip(at)
  }
}

function readEvent(reader: ProtoReader): OtlpEvent {
  const outer = reader.enter()
  const event: OtlpEvent = { timeNs: 0n, name: '', attributes: new Map() }
  while (reader.more) {
    const at = reader.varint()
    if (at === 0x09) event.timeNs = reader.fixed64()
    else if (at === 0x12) event.name = reader.string()
    else if (at === 0x1a) readAttribute(reader, event.attributes)
    else reader.skip(at)
  }
  reader.leave(outer)
  return event
}

function readLink(reader: ProtoReader): OtlpLink {
  const outer = reader.enter()
  const link: OtlpLink = { traceId: '', spanId: '', traceState: '', attributes: new Map() }
  while (reader.more) {
    const at = reader.varint()
    if (at === 0x0a) link.traceId = reader.hex()
    else if (at === 0x12) link.spanId = reader.hex()
    else if (at === 0x1a) link.traceState = reader.string()
    else if (at === 0x22) readAttribute(reader, link.attributes)
    else reader.skip(at)
  }
  reader.leave(outer)
  return link
}

function readStatus(reader: ProtoReader, span: OtlpSpan): void {
  const outer = reader.enter()
  while (reader.more) {
    const at = reader.varint()
    if (at === 0x12) span.statusMessage = reader.string()
    else if (at === 0x18) span.statusCode = reader.varint()
    else reader.skip(at)
  }
  reader.leave(outer)
}
