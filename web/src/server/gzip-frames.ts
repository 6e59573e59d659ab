import 'server-only'
import { Readable } from 'node:stream'
import { constants, createGzip } from 'node:zlib'

/**
 * The stream, compressed, each piece flushed since the first is drawn at once. The fast level: between a page and its server there
 * is often no network at all. By hand, since Next takes a Content-Encoding of ours away, and its own compression is slower.
 */
export function gzipFrames(body: ReadableStream<Uint8Array>): ReadableStream {
  const source = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0])
  return Readable.toWeb(source.compose(createGzip({ level: 1, flush: constants.Z_SYNC_FLUSH })) as Readable) as ReadableStream
}
