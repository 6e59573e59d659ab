import { IngestError } from '../errors.ts'
import type { ProtoReader } from './proto-reader.ts'
import type { Attributes, AttributeValue, OtlpScope } from './types.ts'

/** As protobuf's own parsers: deeper is an attack or a mistake. */
export const MAX_DEPTH = 100

export function readAttribute(reader: ProtoReader, into: Attributes, depth = 0): void {
  const outer = reader.enter()
  let key = ''
  let value: AttributeValue = null
  while (reader.more) {
    const at = reader.varint()
    if (at === 0x0a) key = reader.key()
    else if (at === 0x12) value = readAnyValue(reader, depth)
    else reader.skip(at)
  }
  reader.leave(outer)
  into.set(key, value)
}

export function readAnyValue(reader: ProtoReader, depth: number): AttributeValue {
  if (depth > MAX_DEPTH) throw new IngestError('malformed', `An attribute is nested deeper than ${MAX_DEPTH} levels.`)
  const outer = reader.enter()
  let value: AttributeValue = null
  while (reader.more) {
    const at = reader.varint()
    switch (at) {
      case 0x0a:
        value = reader.string()
        break
      case 0x10:
        value = reader.varint() !== 0
        break
      case 0x18:
        value = reader.int64()
        break
      case 0x21:
        value = reader.double()
        break
      case 0x2a:
        value = readArray(reader, depth + 1)
        break
      case 0x32:
        value = readKeyValues(reader, depth + 1)
        break
      case 0x3a:
        value = reader.bytes()
        break
      default:
        reader.skip(at)
    }
  }
  reader.leave(outer)
  return value
}

function readArray(reader: ProtoReader, depth: number): AttributeValue[] {
  const outer = reader.enter()
  const values: AttributeValue[] = []
  while (reader.more) {
    const at = reader.varint()
    if (at === 0x0a) values.push(readAnyValue(reader, depth))
    else reader.skip(at)
  }
  reader.leave(outer)
  return values
}

function readKeyValues(reader: ProtoReader, depth: number): Attributes {
  const outer = reader.enter()
  const values: Attributes = new Map()
  while (reader.more) {
    const at = reader.varint()
    if (at === 0x0a) readAttribute(reader, values, depth)
    else reader.skip(at)
  }
  reader.leave(outer)
  return values
}

export function readResource(reader: ProtoReader, into: Attributes): void {
  const outer = reader.enter()
  while (reader.more) {
    const at = reader.varint()
    if (at === 0x0a) readAttribute(reader, into)
    else reader.skip(at)
  }
  reader.leave(outer)
}

export function readScope(reader: ProtoReader): OtlpScope {
  const outer = reader.enter()
  const scope: OtlpScope = { name: '', version: '', attributes: new Map() }
  while (reader.more) {
    const at = reader.varint()
    if (at === 0x0a) scope.name = reader.string()
    else if (at === 0x12) scope.version = reader.string()
    else if (at === 0x1a) readAttribute(reader, scope.attributes)
    else reader.skip(at)
  }
  reader.leave(outer)
  return scope
}
