/** What is remembered of a span that was written, so that it is not written or billed again. */
export interface WrittenSpan {
  readonly projectId: string
  readonly traceId: string
  readonly spanId: string
  /** False: written for a dead process, and replaced by the real one if that comes. */
  readonly isFinal: boolean
  /** How it was billed; undefined: not. */
  readonly billed: BilledSpan | undefined
}

export interface BilledSpan {
  /** A call, and not a wrapper that reports its calls' sum. */
  readonly isCall: boolean
  readonly usageReported: boolean
  readonly parentSpanId: string
  readonly responseId: string
  readonly startNs: bigint
  readonly endNs: bigint
}

const FINAL = 1
const BILLED = 2
const CALL = 4
const USAGE = 8
const PARENT = 16
const PROJECT_BYTES = 36
const SPAN_BYTES = 27
const BILLED_BYTES = 26

/** Compact: it is written for every span that comes. */
export function encodeWritten(spans: readonly WrittenSpan[]): Buffer {
  const projects = [...new Set(spans.map((span) => span.projectId))]
  const indexes = new Map(projects.map((project, i) => [project, i]))
  let bytes = 4 + projects.length * PROJECT_BYTES
  for (const { billed } of spans) bytes += SPAN_BYTES + (billed === undefined ? 0 : BILLED_BYTES + billed.responseId.length * 3)
  const buffer = Buffer.allocUnsafe(bytes)
  buffer.writeUInt32LE(projects.length, 0)
  let at = 4
  for (const project of projects) at += buffer.write(project.padEnd(PROJECT_BYTES), at, 'latin1')
  for (const { projectId, traceId, spanId, isFinal, billed } of spans) {
    const flags =
      billed === undefined
        ? 0
        : BILLED | (billed.isCall ? CALL : 0) | (billed.usageReported ? USAGE : 0) | (billed.parentSpanId === '' ? 0 : PARENT)
    buffer[at] = flags | (isFinal ? FINAL : 0)
    buffer.writeUInt16LE(indexes.get(projectId) ?? 0, at + 1)
    buffer.write(traceId, at + 3, 'hex')
    buffer.write(spanId, at + 19, 'hex')
    at += SPAN_BYTES
    if (billed === undefined) continue
    buffer.writeBigUInt64LE(billed.startNs, at)
    buffer.writeBigUInt64LE(billed.endNs, at + 8)
    buffer.fill(0, at + 16, at + 24).write(billed.parentSpanId, at + 16, 'hex')
    const length = buffer.write(billed.responseId, at + BILLED_BYTES, 'utf8')
    buffer.writeUInt16LE(length, at + 24)
    at += BILLED_BYTES + length
  }
  return buffer.subarray(0, at)
}

export function* decodeWritten(buffer: Buffer): Generator<WrittenSpan> {
  if (buffer.length < 4) return
  const count = buffer.readUInt32LE(0)
  let at = 4
  const projects: string[] = []
  for (let i = 0; i < count; i++, at += PROJECT_BYTES) projects.push(buffer.toString('latin1', at, at + PROJECT_BYTES).trimEnd())
  while (at + SPAN_BYTES <= buffer.length) {
    const flags = buffer[at] ?? 0
    const span = {
      projectId: projects[buffer.readUInt16LE(at + 1)] ?? '',
      traceId: buffer.toString('hex', at + 3, at + 19),
      spanId: buffer.toString('hex', at + 19, at + SPAN_BYTES),
      isFinal: (flags & FINAL) !== 0,
    }
    at += SPAN_BYTES
    if ((flags & BILLED) === 0) {
      yield { ...span, billed: undefined }
      continue
    }
    const length = buffer.readUInt16LE(at + 24)
    yield {
      ...span,
      billed: {
        isCall: (flags & CALL) !== 0,
        usageReported: (flags & USAGE) !== 0,
        parentSpanId: (flags & PARENT) === 0 ? '' : buffer.toString('hex', at + 16, at + 24),
        responseId: buffer.toString('utf8', at + BILLED_BYTES, at + BILLED_BYTES + length),
        startNs: buffer.readBigUInt64LE(at),
        endNs: buffer.readBigUInt64LE(at + 8),
      },
    }
    at += BILLED_BYTES + length
  }
}
