/** Encodings of OTLP/HTTP: an answer is in the request's. */
export type OtlpEncoding = 'protobuf' | 'json'

export const CONTENT_TYPES: Readonly<Record<OtlpEncoding, string>> = { protobuf: 'application/x-protobuf', json: 'application/json' }

/** Export{Trace,Logs}ServiceResponse: empty, or with what was refused (field 1: partial_success {1: count, 2: message}). */
export function encodeExportAnswer(encoding: OtlpEncoding, items: 'Spans' | 'LogRecords', rejected: number, message: string): Buffer {
  if (encoding === 'json') {
    const partialSuccess = { [`rejected${items}`]: String(rejected), errorMessage: message }
    return Buffer.from(JSON.stringify(rejected === 0 && message === '' ? {} : { partialSuccess }))
  }
  if (rejected === 0 && message === '') return Buffer.alloc(0)
  const count = rejected === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x08]), varint(rejected)])
  return lengthDelimited(0x0a, Buffer.concat([count, lengthDelimited(0x12, Buffer.from(message))]))
}

/** google.rpc.Status {1: code, 2: message}. */
export function encodeStatus(encoding: OtlpEncoding, code: number, message: string): Buffer {
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code, message }))
  return Buffer.concat([Buffer.from([0x08]), varint(code), lengthDelimited(0x12, Buffer.from(message))])
}

function lengthDelimited(tag: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag]), varint(bytes.length), bytes])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  return Buffer.from([...bytes, rest])
}
