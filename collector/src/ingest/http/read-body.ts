import type { Readable } from 'node:stream'
import { tooLarge } from '../decompress.ts'
import { IngestError } from '../errors.ts'
import type { InFlightBytes } from '../in-flight.ts'

export interface HeldBody {
  readonly body: Buffer
  release(): void
}

/** Reads a body of at most `limit` bytes, and holds its place among the requests being worked on until `release`. */
export async function readBody(stream: Readable, limit: number, inFlight: InFlightBytes): Promise<HeldBody> {
  const chunks: Buffer[] = []
  let held = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (held + chunk.length > limit) throw tooLarge(limit)
      inFlight.reserve(chunk.length)
      held += chunk.length
      chunks.push(chunk)
    }
  } catch (error) {
    inFlight.release(held)
    if (error instanceof IngestError) throw error
    throw new IngestError('malformed', 'The request ended before its body did.', { cause: error })
  }
  return { body: Buffer.concat(chunks), release: () => inFlight.release(held) }
}
