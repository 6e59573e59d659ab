import type { TablePart } from './trace-worker'

interface TableRequest {
  /** As the page's preload has it, or it is fetched twice. */
  readonly url: string
  /** Of what the page has; null: it has nothing. */
  readonly etag: string | null
  /** Number of this reading. */
  readonly reading: number
  /** Only what this run did; null: all. */
  readonly runId: string | null
  readonly signal: AbortSignal
  readonly worker: Worker
  /** The worker listens: what is sent to it before is lost. Rejects where it can't be had. */
  readonly ready: Promise<void>
}

/** Fetches a trace's table and hands its bytes to the worker as they come. Throws with the server's message where it refuses. */
export async function fetchTable({
  url,
  etag,
  reading,
  runId,
  signal,
  worker,
  ready,
}: TableRequest): Promise<'sent' | 'unchanged' | 'missing'> {
  const answer = await fetch(url, { signal, ...(etag === null ? {} : { headers: { 'if-none-match': etag } }) })
  if (answer.status === 304) return 'unchanged'
  if (answer.status === 204) return 'missing'
  if (!answer.ok || answer.body === null) throw new Error(await messageOf(answer))
  await ready
  const post = (part: TablePart, transfer: Transferable[] = []) => signal.aborted || worker.postMessage(part, transfer)
  post({ type: 'begin', reading, isFirst: etag === null, etag: answer.headers.get('etag'), nowMs: Date.now(), runId })
  const chunks = answer.body.getReader()
  for (;;) {
    const { done, value } = await chunks.read()
    if (done) break
    post({ type: 'bytes', reading, bytes: value }, [value.buffer])
  }
  post({ type: 'end', reading })
  return 'sent'
}

async function messageOf(answer: Response): Promise<string> {
  const text = (await answer.text()).slice(0, 1_000)
  try {
    return (JSON.parse(text) as { error: { message: string } }).error.message
  } catch {
    return text || `The server answered ${answer.status}.`
  }
}
