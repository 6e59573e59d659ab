import { readAnyValue, readAttribute } from './decode-proto-common.ts'
import type { ProtoReader } from './proto-reader.ts'
import type { OtlpLogRecord } from './types.ts'

export function readLogRecord(reader: ProtoReader): OtlpLogRecord {
  const outer = reader.enter()
  const log: OtlpLogRecord = {
    timeNs: 0n,
    observedNs: 0n,
    severity: 0,
    severityText: '',
    eventName: '',
    body: null,
    attributes: new Map(),
    traceId: '',
    spanId: '',
  }
  while (reader.more) readLogField(reader, log, reader.varint())
  reader.leave(outer)
  return log
}

/** Cases are tags: field << 3 | wire type. */
function readLogField(reader: ProtoReader, log: OtlpLogRecord, at: number): void {
  switch (at) {
    case 0x09:
      log.timeNs = reader.fixed64()
      break
    case 0x10:
      log.severity = reader.varint()
      break
    case 0x1a:
      log.severityText = reader.string()
      break
    case 0x2a:
      log.body = readAnyValue(reader, 0)
      break
    case 0x32:
      readAttribute(reader, log.attributes)
      break
    case 0x4a:
      log.traceId = reader.hex()
      break
    case 0x52:
      log.spanId = reader.hex()
      break
    case 0x59:
      log.observedNs = reader.fixed64()
      break
    case 0x62:
      log.eventName = reader.string()
      break
    default:
      reader.skip(at)
  }
}
