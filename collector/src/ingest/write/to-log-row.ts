import { crc32 } from 'node:zlib'
import type { SpanLogRow } from '@cairn/clickhouse'
import { readText } from '../map/read-text.ts'
import { mapToJson, parseJsonText, toJson } from '../map/to-json.ts'
import type { OtlpLogGroup, OtlpLogRecord } from '../otlp/types.ts'

const PLACES = 2 ** 20
const LATEST_NS = 2n ** 63n - 1n
const IDS = /^(?!0{32})[0-9a-f]{32} (?!0{16})[0-9a-f]{16}$/

/** The log records that carry a model call's messages: joined to their span when it is read, whichever came first. Others aren't kept. */
export function toLogRows(projectId: string, groups: readonly OtlpLogGroup[]): SpanLogRow[] {
  let place = 0
  return groups.flatMap((group) => group.items.flatMap((log) => toRow(projectId, log, place++) ?? []))
}

function toRow(projectId: string, log: OtlpLogRecord, place: number): SpanLogRow | undefined {
  const name = log.eventName || readText(log.attributes.get('event.name'))
  if (!name.startsWith('gen_ai.') || !IDS.test(`${log.traceId} ${log.spanId}`)) return undefined
  const at = log.timeNs === 0n ? log.observedNs : log.timeNs
  const body = JSON.stringify(parseJsonText(toJson(log.body)))
  const attributes = JSON.stringify(mapToJson(log.attributes))
  return {
    project_id: projectId,
    trace_id: log.traceId,
    span_id: log.spanId,
    time: at > LATEST_NS ? LATEST_NS : at,
    name: name.toWellFormed(),
    body,
    attributes,
    // The same request sent again gives the same.
    id: crc32(attributes, crc32(body)) * PLACES + (place % PLACES),
  }
}
