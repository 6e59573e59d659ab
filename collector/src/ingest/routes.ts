import { LIMITS } from '@cairn/sdk/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { authenticate } from '../auth/authenticate.ts'
import type { KeyCache } from '../auth/key-cache.ts'
import type { CollectorContext } from '../context.ts'
import { toRefusal } from './error-status.ts'
import { IngestError } from './errors.ts'
import { readBody } from './http/read-body.ts'
import { CONTENT_TYPES, encodeExportAnswer, encodeStatus, type OtlpEncoding } from './otlp/encode-answer.ts'
import { getPipeline } from './pipeline.ts'
import { receive, type Signal } from './receive.ts'

const RETRY_AFTER_SECONDS = '1'

export interface IngestParts {
  readonly ctx: CollectorContext
  readonly keys: KeyCache
}

/** OTLP/HTTP. `app` must be an instance of its own: its bodies are streams, and its errors google.rpc.Status. */
export function registerIngestRoutes(app: FastifyInstance, parts: IngestParts): void {
  app.removeAllContentTypeParsers()
  // Bodies are read by hand: after the key is checked, and no further than the limit.
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  app.post('/v1/traces', (request, reply) => answer('traces', request, reply, parts))
  app.post('/v1/logs', (request, reply) => answer('logs', request, reply, parts))
}

async function answer(signal: Signal, request: FastifyRequest, reply: FastifyReply, { ctx, keys }: IngestParts): Promise<FastifyReply> {
  const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const encoding: OtlpEncoding = contentType === CONTENT_TYPES.json ? 'json' : 'protobuf'
  try {
    const { projectId } = await authenticate(keys, request.headers.authorization)
    if (contentType !== CONTENT_TYPES[encoding])
      throw new IngestError('unsupported_media_type', `Content-Type must be ${CONTENT_TYPES.protobuf} or ${CONTENT_TYPES.json}.`)
    const pipeline = await getPipeline(ctx)
    const held = await readBody(request.raw, LIMITS.otlpBytes, pipeline.inFlight)
    try {
      const compression = request.headers['content-encoding'] ?? ''
      const { rejected, message } = await receive({ signal, projectId, encoding, compression, body: held.body }, pipeline)
      const items = signal === 'traces' ? 'Spans' : 'LogRecords'
      return await reply
        .code(200)
        .type(CONTENT_TYPES[encoding])
        .send(encodeExportAnswer(encoding, items, rejected, message))
    } finally {
      held.release()
    }
  } catch (error) {
    const refusal = toRefusal(error)
    if (refusal.isOurs) ctx.log.warn({ err: error, signal }, 'an export could not be stored; its sender is told to send it again')
    if (refusal.isRetryable) reply.header('retry-after', RETRY_AFTER_SECONDS)
    // What is left of the body is not read: the connection can't be used again.
    if (!request.raw.readableEnded) reply.header('connection', 'close')
    return await reply
      .code(refusal.http)
      .type(CONTENT_TYPES[encoding])
      .send(encodeStatus(encoding, refusal.rpc, refusal.message))
  }
}
