import { LIMITS } from '@cairn/sdk/protocol'
import { decompress, tooLarge } from './decompress.ts'
import type { OtlpEncoding } from './otlp/encode-answer.ts'
import type { Pipeline } from './pipeline.ts'

export type Signal = 'traces' | 'logs'

/** One export request, whatever transport it came by. */
export interface ExportRequest {
  readonly signal: Signal
  readonly projectId: string
  readonly encoding: OtlpEncoding
  /** As Content-Encoding names it; empty for none. */
  readonly compression: string
  readonly body: Buffer
}

export interface Received {
  readonly rejected: number
  readonly message: string
}

/** Decompresses and checks one request. Resolves when it is durable: its spans can be queried a moment later. */
export async function receive(request: ExportRequest, pipeline: Pipeline): Promise<Received> {
  if (request.body.length > LIMITS.otlpBytes) throw tooLarge(LIMITS.otlpBytes)
  const body = await decompress(request.body, request.compression, LIMITS.otlpBytes)
  const grown = Math.max(0, body.length - request.body.length)
  pipeline.inFlight.reserve(grown)
  try {
    const { signal, encoding, projectId } = request
    return await pipeline.accept({ signal, encoding, projectId, body })
  } finally {
    pipeline.inFlight.release(grown)
  }
}
