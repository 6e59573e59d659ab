import { readResource, readScope } from './decode-proto-common.ts'
import { readLogRecord } from './decode-proto-log.ts'
import { readSpan } from './decode-proto-span.ts'
import { ProtoReader } from './proto-reader.ts'
import type { Attributes, OtlpGroup, OtlpLogGroup, OtlpScope, OtlpSpanGroup } from './types.ts'

/** ExportTraceServiceRequest. Hand-written: two to three times as fast as the fastest library that decodes it whole. */
export function decodeTracesProto(body: Buffer): OtlpSpanGroup[] {
  return readGroups(body, readSpan)
}

/** ExportLogsServiceRequest. */
export function decodeLogsProto(body: Buffer): OtlpLogGroup[] {
  return readGroups(body, readLogRecord)
}

/** Both requests have one shape: resources of scopes of items. */
function readGroups<T>(body: Buffer, readItem: (reader: ProtoReader) => T): OtlpGroup<T>[] {
  const reader = new ProtoReader(body)
  const groups: OtlpGroup<T>[] = []
  while (reader.more) {
    const at = reader.varint()
    if (at === 0x0a) readResourceItems(reader, groups, readItem)
    else reader.skip(at)
  }
  return groups
}

function readResourceItems<T>(reader: ProtoReader, groups: OtlpGroup<T>[], readItem: (reader: ProtoReader) => T): void {
  const outer = reader.enter()
  const resource: Attributes = new Map()
  while (reader.more) {
    const at = reader.varint()
    if (at === 0x0a) readResource(reader, resource)
    else if (at === 0x12) groups.push(readScopeItems(reader, resource, readItem))
    else reader.skip(at)
  }
  reader.leave(outer)
}

function readScopeItems<T>(reader: ProtoReader, resource: Attributes, readItem: (reader: ProtoReader) => T): OtlpGroup<T> {
  const outer = reader.enter()
  let scope: OtlpScope = { name: '', version: '', attributes: new Map() }
  let schemaUrl = ''
  const items: T[] = []
  while (reader.more) {
    const at = reader.varint()
    if (at === 0x0a) scope = readScope(reader)
    else if (at === 0x12) items.push(readItem(reader))
    else if (at === 0x1a) schemaUrl = reader.string()
    else reader.skip(at)
  }
  reader.leave(outer)
  return { resource, scope, schemaUrl, items }
}
