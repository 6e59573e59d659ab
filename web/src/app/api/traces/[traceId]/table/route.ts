import { isTraceId } from '@cairn/sdk/protocol'
import { fetchCollector } from '@/server/collector'
import { gzipFrames } from '@/server/gzip-frames'
import { refuseStranger } from '@/server/member'

export const dynamic = 'force-dynamic'

/** The spans of a trace in frames, as the collector sends them, compressed: apart from tRPC, which would make an object of each. */
export async function GET(request: Request, { params }: { params: Promise<{ traceId: string }> }): Promise<Response> {
  const refused = await refuseStranger(request)
  if (refused !== null) return refused
  const { traceId } = await params
  if (!isTraceId(traceId)) return new Response('There is no such trace.', { status: 404 })
  const known = request.headers.get('if-none-match')
  const answer = await fetchCollector(`/api/v1/traces/${traceId}/table`, {
    // Not a time: it would run on while the spans are sent.
    signal: request.signal,
    ...(known === null ? {} : { headers: { 'if-none-match': known } }),
  })
  const headers = new Headers({ 'cache-control': 'private, no-cache, no-transform', 'x-content-type-options': 'nosniff' })
  // A run may have no spans, or none yet: no error, of which browsers would tell in the console.
  if (answer.status === 404) return new Response(null, { status: 204, headers })
  const etag = answer.headers.get('etag')
  if (etag !== null) headers.set('etag', etag)
  if (!answer.ok || answer.body === null)
    return new Response(answer.status === 304 ? null : answer.body, { status: answer.status, headers })
  headers.set('content-type', 'application/gzip')
  return new Response(gzipFrames(answer.body), { headers })
}
