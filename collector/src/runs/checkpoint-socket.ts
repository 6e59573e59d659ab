import { CheckpointBatch, type StoredBatch } from '@cairn/sdk/protocol'
import type { FastifyInstance } from 'fastify'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import { authenticate } from '../auth/authenticate.ts'
import type { KeyCache } from '../auth/key-cache.ts'
import { toErrorBody } from '../http/error-answer.ts'
import { parse } from '../http/parse.ts'
import { type BatchParts, storeBatch } from './store-batch.ts'

const FrameId = z.object({ id: z.number().int() })
const Frame = CheckpointBatch.extend(FrameId.shape)
/** A worker sends one batch after the other; more at once than this is a client gone wrong. */
const MOST_AT_ONCE = 64

/** `GET /api/v1/checkpoints`, upgraded: the batches of `POST /api/v1/checkpoints` as frames, each answered by its id. */
export function registerCheckpointSocket(app: FastifyInstance, parts: BatchParts & { keys: KeyCache }): void {
  app.get('/api/v1/checkpoints', { websocket: true }, (socket, request) => {
    const { authorization } = request.headers
    let underway = 0
    socket.on('error', () => {})
    socket.on('message', (data) => {
      if (++underway > MOST_AT_ONCE) return socket.close(1008, `at most ${MOST_AT_ONCE} batches at once`)
      void answer(parts, authorization, data.toString()).then((stored) => {
        underway--
        if (stored === undefined) socket.close(1007, 'each frame is JSON with a whole number as id')
        else sendIfOpen(socket, stored)
      })
    })
  })
}

/** Undefined for a frame that nobody could be told about. */
async function answer(
  parts: BatchParts & { keys: KeyCache },
  authorization: string | undefined,
  text: string,
): Promise<StoredBatch | undefined> {
  const frame = parseJson(text)
  const id = FrameId.safeParse(frame)
  if (!id.success) return undefined
  try {
    // Again with each batch, from memory: a key that was revoked since ends here too.
    const { projectId } = await authenticate(parts.keys, authorization)
    return { id: id.data.id, ...(await storeBatch(parts, projectId, parse(Frame, frame, 'body'))) }
  } catch (error) {
    const { status, body } = toErrorBody(error)
    if (status >= 500) parts.ctx.log.error({ err: error, code: body.error.code }, 'a batch of checkpoints failed')
    return { id: id.data.id, results: [], emitted: [], error: body.error }
  }
}

function sendIfOpen(socket: WebSocket, stored: StoredBatch): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(stored))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
