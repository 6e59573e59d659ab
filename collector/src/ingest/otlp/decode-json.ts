import { IngestError } from '../errors.ts'
import { parseExactJson } from './exact-json.ts'
import {
  asArray,
  asObject,
  type JsonObject,
  readJsonAnyValue,
  readJsonAttributes,
  readJsonEnum,
  readJsonId,
  readJsonInteger,
  readJsonNumber,
  readJsonString,
} from './json-values.ts'
import { MOST_MESSAGES, tooMany } from './proto-reader.ts'
import type { OtlpEvent, OtlpGroup, OtlpLink, OtlpLogGroup, OtlpLogRecord, OtlpSpan, OtlpSpanGroup } from './types.ts'

/** ExportTraceServiceRequest as OTLP/JSON: hexadecimal ids, 64-bit numbers as strings or numbers, unknown fields ignored. */
export function decodeTracesJson(body: Buffer): OtlpSpanGroup[] {
  return readGroups(parse(body), 'resourceSpans', 'scopeSpans', 'spans', readSpan)
}

/** ExportLogsServiceRequest as OTLP/JSON. */
export function decodeLogsJson(body: Buffer): OtlpLogGroup[] {
  return readGroups(parse(body), 'resourceLogs', 'scopeLogs', 'logRecords', readLog)
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_LIST = 0x5b
const OPEN_OBJECT = 0x7b

/** Counts objects and lists before any is made. What stands in texts is none. */
function checkSize(body: Buffer): void {
  if (body.length < MOST_MESSAGES * 2) return
  let opened = 0
  for (let i = 0; i < body.length; i++) {
    const byte = body[i]
    if (byte === QUOTE) i = endOfText(body, i)
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) opened += 1
  }
  // An attribute's object has its value's within it, and a list may lie around both.
  if (opened > MOST_MESSAGES * 2) throw tooMany()
}

/** The place of the closing quote, or the end. */
function endOfText(body: Buffer, open: number): number {
  for (let at = body.indexOf(QUOTE, open + 1); at >= 0; at = body.indexOf(QUOTE, at + 1)) {
    let escapes = 0
    while (body[at - 1 - escapes] === BACKSLASH) escapes++
    if (escapes % 2 === 0) return at
  }
  return body.length
}

function parse(body: Buffer): JsonObject {
  checkSize(body)
  try {
    return asObject(parseExactJson(body.toString('utf8')), 'the body')
  } catch (error) {
    if (error instanceof IngestError) throw error
    throw new IngestError('malformed', `The body isn't JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function readGroups<T>(
  request: JsonObject,
  resourcesField: string,
  scopesField: string,
  itemsField: string,
  readItem: (item: JsonObject) => T,
): OtlpGroup<T>[] {
  const groups: OtlpGroup<T>[] = []
  for (const entry of asArray(request[resourcesField], resourcesField)) {
    const ofResource = asObject(entry, resourcesField)
    const resource = readJsonAttributes(asObject(ofResource.resource ?? {}, 'resource').attributes)
    for (const scoped of asArray(ofResource[scopesField], scopesField)) {
      const ofScope = asObject(scoped, scopesField)
      const scope = asObject(ofScope.scope ?? {}, 'scope')
      groups.push({
        resource,
        scope: {
          name: readJsonString(scope.name),
          version: readJsonString(scope.version),
          attributes: readJsonAttributes(scope.attributes),
        },
        schemaUrl: readJsonString(ofScope.schemaUrl),
        items: asArray(ofScope[itemsField], itemsField).map((item) => readItem(asObject(item, itemsField))),
      })
    }
  }
  return groups
}

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'].map((name) => `SPAN_KIND_${name}`)
const STATUSES = ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR']

function readSpan(json: JsonObject): OtlpSpan {
  const status = asObject(json.status ?? {}, 'status')
  return {
    traceId: readJsonId(json.traceId),
    spanId: readJsonId(json.spanId),
    parentSpanId: readJsonId(json.parentSpanId),
    traceState: readJsonString(json.traceState),
    flags: readJsonNumber(json.flags),
    name: readJsonString(json.name),
    kind: readJsonEnum(json.kind, KINDS),
    startNs: readJsonInteger(json.startTimeUnixNano),
    endNs: readJsonInteger(json.endTimeUnixNano),
    attributes: readJsonAttributes(json.attributes),
    events: asArray(json.events, 'events').map((event) => readEvent(asObject(event, 'events'))),
    links: asArray(json.links, 'links').map((link) => readLink(asObject(link, 'links'))),
    statusCode: readJsonEnum(status.code, STATUSES),
    statusMessage: readJsonString(status.message),
    droppedAttributes: readJsonNumber(json.droppedAttributesCount),
    droppedEvents: readJsonNumber(json.droppedEventsCount),
    droppedLinks: readJsonNumber(json.droppedLinksCount),
  }
}

function readEvent(json: JsonObject): OtlpEvent {
  return {
    timeNs: readJsonInteger(json.timeUnixNano),
    name: readJsonString(json.name),
    attributes: readJsonAttributes(json.attributes),
  }
}

function readLink(json: JsonObject): OtlpLink {
  return {
    traceId: readJsonId(json.traceId),
    spanId: readJsonId(json.spanId),
    traceState: readJsonString(json.traceState),
    attributes: readJsonAttributes(json.attributes),
  }
}

function readLog(json: JsonObject): OtlpLogRecord {
  return {
    timeNs: readJsonInteger(json.timeUnixNano),
    observedNs: readJsonInteger(json.observedTimeUnixNano),
    severity: typeof json.severityNumber === 'number' ? json.severityNumber : 0,
    severityText: readJsonString(json.severityText),
    eventName: readJsonString(json.eventName),
    body: readJsonAnyValue(json.body, 0),
    attributes: readJsonAttributes(json.attributes),
    traceId: readJsonId(json.traceId),
    spanId: readJsonId(json.spanId),
  }
}
