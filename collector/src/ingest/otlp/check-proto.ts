import { IngestError } from '../errors.ts'
import { MAX_DEPTH } from './decode-proto-common.ts'
import { ProtoReader } from './proto-reader.ts'
import { SpanChecker } from './span-checker.ts'

/**
 * Walks an ExportTraceServiceRequest without making anything of it: whatever the decoder would refuse is refused here, before the
 * request is acknowledged, and spans that can't be kept are counted.
 * @throws {IngestError} `malformed`
 */
export function checkTracesProto(body: Buffer): SpanChecker {
  const reader = new ProtoReader(body)
  const checker = new SpanChecker()
  walkGroups(reader, () => checkSpan(reader, checker))
  return checker
}

/** As `checkTracesProto`, of an ExportLogsServiceRequest. */
export function checkLogsProto(body: Buffer): void {
  const reader = new ProtoReader(body)
  walkGroups(reader, () => checkLog(reader))
}

function walkGroups(reader: ProtoReader, checkItem: () => void): void {
  while (reader.more) {
    const at = reader.varint()
    if (at !== 0x0a) {
      reader.skip(at)
      continue
    }
    const outer = reader.enter()
    while (reader.more) {
      const inner = reader.varint()
      if (inner === 0x0a) checkAttributed(reader, 0x0a)
      else if (inner === 0x12) checkScope(reader, checkItem)
      else reader.skip(inner)
    }
    reader.leave(outer)
  }
}

function checkScope(reader: ProtoReader, checkItem: () => void): void {
  const outer = reader.enter()
  while (reader.more) {
    const at = reader.varint()
    if (at === 0x0a) checkAttributed(reader, 0x1a)
    else if (at === 0x12) checkItem()
    else reader.skip(at)
  }
  reader.leave(outer)
}

/** A message of which only the attributes, under their tag, have an inside. */
function checkAttributed(reader: ProtoReader, attributeTag: number): void {
  const outer = reader.enter()
  while (reader.more) {
    const at = reader.varint()
    if (at === attributeTag) checkAttribute(reader, 0)
    else reader.skip(at)
  }
  reader.leave(outer)
}

function checkSpan(reader: ProtoReader, checker: SpanChecker): void {
  const outer = reader.enter()
  checker.begin()
  while (reader.more) {
    const at = reader.varint()
    switch (at) {
      case 0x0a:
        checker.traceIdIsLegal = reader.isId(16)
        break
      case 0x12:
        checker.spanIdIsLegal = reader.isId(8)
        break
      case 0x39:
        checker.startHigh = reader.fixed64High()
        checker.startIsZero = checker.startHigh === 0 && reader.low === 0
        break
      case 0x41:
        checker.endHigh = reader.fixed64High()
        break
      case 0x4a:
        checkAttribute(reader, 0)
        break
      case 0x5a:
        checkAttributed(reader, 0x1a)
        break
      case 0x6a:
        checkAttributed(reader, 0x22)
        break
      case 0x7a:
        checkAttributed(reader, -1)
        break
      default:
        reader.skip(at)
    }
  }
  checker.end()
  reader.leave(outer)
}

function checkLog(reader: ProtoReader): void {
  const outer = reader.enter()
  while (reader.more) {
    const at = reader.varint()
    if (at === 0x2a) checkAnyValue(reader, 0)
    else if (at === 0x32) checkAttribute(reader, 0)
    else reader.skip(at)
  }
  reader.leave(outer)
}

function checkAttribute(reader: ProtoReader, depth: number): void {
  const outer = reader.enter()
  while (reader.more) {
    const at = reader.varint()
    if (at === 0x12) checkAnyValue(reader, depth)
    else reader.skip(at)
  }
  reader.leave(outer)
}

function checkAnyValue(reader: ProtoReader, depth: number): void {
  if (depth > MAX_DEPTH) throw new IngestError('malformed', `An attribute is nested deeper than ${MAX_DEPTH} levels.`)
  const outer = reader.enter()
  while (reader.more) {
    const at = reader.varint()
    if (at === 0x2a) checkList(reader, checkAnyValue, depth + 1)
    else if (at === 0x32) checkList(reader, checkAttribute, depth + 1)
    else reader.skip(at)
  }
  reader.leave(outer)
}

function checkList(reader: ProtoReader, checkOne: (reader: ProtoReader, depth: number) => void, depth: number): void {
  const outer = reader.enter()
  while (reader.more) {
    const at = reader.varint()
    if (at === 0x0a) checkOne(reader, depth)
    else reader.skip(at)
  }
  reader.leave(outer)
}
