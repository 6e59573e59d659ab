import type { OtlpEncoding } from '../otlp/encode-answer.ts'
import type { Signal } from '../receive.ts'

/** An export request as the log keeps it: decompressed, checked, otherwise as it was sent. */
export interface LogEntry {
  readonly signal: Signal
  readonly encoding: OtlpEncoding
  readonly projectId: string
  readonly body: Buffer
}

const KINDS: readonly (readonly [Signal, OtlpEncoding])[] = [
  ['traces', 'protobuf'],
  ['traces', 'json'],
  ['logs', 'protobuf'],
  ['logs', 'json'],
]
const HEAD_BYTES = 17

/** One byte of kind, the project's UUID, the body. In parts, so that the body isn't copied. */
export function encodeEntry({ signal, encoding, projectId, body }: LogEntry): Uint8Array[] {
  const head = Buffer.allocUnsafe(HEAD_BYTES)
  head[0] = KINDS.findIndex(([s, e]) => s === signal && e === encoding)
  head.write(projectId.replaceAll('-', ''), 1, 'hex')
  return [head, body]
}

/** Undefined for an entry of a later version, which this one doesn't know. */
export function decodeEntry(payload: Buffer): LogEntry | undefined {
  const kind = KINDS[payload[0] ?? -1]
  if (kind === undefined || payload.length < HEAD_BYTES) return undefined
  const hex = payload.toString('hex', 1, HEAD_BYTES)
  const projectId = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  return { signal: kind[0], encoding: kind[1], projectId, body: payload.subarray(HEAD_BYTES) }
}
