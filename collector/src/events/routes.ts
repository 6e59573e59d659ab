import { findRun, listEvents } from '@cairn/prisma'
import { ENDED_STATUSES } from '@cairn/sdk/protocol'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { CollectorContext } from '../context.ts'
import { parse } from '../http/parse.ts'
import type { Notifier } from '../runs/notifier.ts'
import { runOf } from '../runs/routes.ts'

const LastEventId = z.object({ 'last-event-id': z.coerce.number().int().nonnegative().default(0) })
const Query = z.object({ lastEventId: z.coerce.number().int().nonnegative().optional(), follow: z.stringbool().default(true) })

const PAGE = 500
/** Another collector's changes are found by looking again this often. */
const LOOK_AGAIN_MS = 500
const KEEP_ALIVE_MS = 15_000

/** The event stream of a run, from where the reader left off; it ends after the event that ended the run. */
export function registerEventRoutes(app: FastifyInstance, { ctx, notifier }: { ctx: CollectorContext; notifier: Notifier }): void {
  app.get('/api/v1/runs/:id/events', async (request, reply) => {
    const run = await runOf(ctx, request)
    const query = parse(Query, request.query, 'query')
    const header = parse(LastEventId, request.headers, 'headers')
    let after = query.lastEventId ?? header['last-event-id']
    const abort = new AbortController()
    reply.hijack()
    const { raw } = reply
    raw.on('close', () => abort.abort())
    raw.on('error', () => abort.abort())
    raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
    raw.write('retry: 1000\n\n')
    let lastWriteMs = Date.now()
    try {
      while (!abort.signal.aborted) {
        const news = listen(notifier, run.id, abort.signal)
        const events = await listEvents(ctx.pool, { runId: run.id, afterSeq: after, limit: PAGE })
        for (const event of events) {
          after = Number(event.seq)
          const data = { id: after, runId: run.id, at: event.at, execution: event.execution, type: event.type, ...JSON.parse(event.data) }
          const fits = raw.write(`id: ${after}\nevent: ${event.type}\ndata: ${JSON.stringify(data)}\n\n`)
          lastWriteMs = Date.now()
          if (!fits) await drained(raw, abort.signal)
        }
        if (events.length === PAGE) {
          news.stop()
          continue
        }
        if (!query.follow || (await hasEnded(ctx, run.projectId, run.id, after))) {
          news.stop()
          break
        }
        if (Date.now() - lastWriteMs > KEEP_ALIVE_MS) {
          raw.write(': still here\n\n')
          lastWriteMs = Date.now()
        }
        await news.heard
      }
    } catch (error) {
      request.log.warn({ err: error, runId: run.id }, 'an event stream broke off; the reader comes back with Last-Event-ID')
    }
    raw.end()
    return reply
  })
}

/** Only when nothing came after the reader's place: an event may have been stored between the read and this look. */
async function hasEnded(ctx: CollectorContext, projectId: string, runId: string, after: number): Promise<boolean> {
  const run = await findRun(ctx.pool, projectId, runId)
  if (run === undefined) return true
  if (!(ENDED_STATUSES as readonly string[]).includes(run.status)) return false
  return (await listEvents(ctx.pool, { runId, afterSeq: after, limit: 1 })).length === 0
}

function listen(notifier: Notifier, runId: string, signal: AbortSignal) {
  const { promise, resolve } = Promise.withResolvers<void>()
  const off = notifier.onRunChanged(runId, resolve)
  const timer = setTimeout(resolve, LOOK_AGAIN_MS)
  const onAbort = () => resolve()
  signal.addEventListener('abort', onAbort, { once: true })
  const stop = () => {
    off()
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    resolve()
  }
  return { heard: promise.finally(stop), stop }
}

function drained(raw: NodeJS.WritableStream, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    raw.once('drain', resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
