import { fetchCollector } from '@/server/collector'
import { refuseStranger } from '@/server/member'

export const dynamic = 'force-dynamic'

/** What the collector gives as files: reports as CSV, exports of runs and sets, artifacts. Nothing else of it is reachable here. */
const ALLOWED = [
  /^reports\/(cost|latency|tools|failures|savings)$/,
  /^few-shot\/[^/]+\/export$/,
  /^runs\/export$/,
  /^runs\/[0-9a-f-]{36}\/artifacts\/[^/]+$/,
]
const PASSED = ['content-type', 'content-disposition']

export async function GET(request: Request, { params }: { params: Promise<{ path: string[] }> }): Promise<Response> {
  const refused = await refuseStranger(request)
  if (refused !== null) return refused
  const path = (await params).path.join('/')
  if (!ALLOWED.some((pattern) => pattern.test(path))) return new Response('There is no such file.', { status: 404 })
  const encoded = path.split('/').map(encodeURIComponent).join('/')
  const answer = await fetchCollector(`/api/v1/${encoded}`, {
    query: Object.fromEntries(new URL(request.url).searchParams),
    // Not a time: it would run on while the file is sent.
    signal: request.signal,
  })
  const headers = new Headers({
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  })
  for (const name of PASSED) {
    const value = answer.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  if (answer.ok && !headers.has('content-disposition'))
    headers.set('content-disposition', `attachment; filename="${path.split('/').at(-1)}.csv"`)
  return new Response(answer.body, { status: answer.status, headers })
}
