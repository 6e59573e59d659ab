import { promisify } from 'node:util'
import { gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib'
import { IngestError } from './errors.ts'
import { own } from './own.ts'

type Decompress = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>

const inflateZlib = promisify(inflate) as Decompress
const inflateBare = promisify(inflateRaw) as Decompress

const DECOMPRESSORS: Readonly<Record<string, Decompress>> = {
  gzip: promisify(gunzip) as Decompress,
  'x-gzip': promisify(gunzip) as Decompress,
  zstd: promisify(zstdDecompress) as Decompress,
  // By RFC 9110 "deflate" is zlib's format; some senders leave its two-byte header out.
  deflate: (body, options) => (isZlib(body) ? inflateZlib(body, options) : inflateBare(body, options)),
}

/** Decompresses into at most `limit` bytes: a small body that would grow past it is refused before it has. */
export async function decompress(body: Buffer, encoding: string, limit: number): Promise<Buffer> {
  const name = encoding.trim().toLowerCase()
  if (name === '' || name === 'identity') return body
  const run = own(DECOMPRESSORS, name)
  if (run === undefined)
    throw new IngestError(
      'unsupported_media_type',
      `Content-Encoding ${JSON.stringify(encoding)} isn't known here: send gzip, deflate, zstd or none.`,
    )
  try {
    return await run(body, { maxOutputLength: limit })
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(limit)
    throw new IngestError('malformed', `The body isn't ${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

export function tooLarge(limit: number): IngestError {
  return new IngestError('too_large', `A request may have ${limit / 1024 / 1024} MiB after decompression. Send smaller batches.`)
}

function isZlib(body: Buffer): boolean {
  return body.length >= 2 && ((body[0] ?? 0) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0
}
