import 'server-only'
import { fetchCollector } from './collector'

const MOST_EVENTS = 1_000
const MOST_CHARS = 4_000_000

/** What is stored of a run's events after one of them, at most a page: the stream is left when there is enough. */
export async function readEvents(runId: string, after: number): Promise<unknown[]> {
  const answer = await fetchCollector(`/api/v1/runs/${runId}/events`, { query: { follow: 'false', lastEventId: after } })
  if (!answer.ok || answer.body === null) throw new Error(`The collector answered ${answer.status}.`)
  const events: unknown[] = []
  let rest = ''
  let chars = 0
  for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
    chars += piece.length
    const blocks = (rest + piece).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const data = block.split('\n').find((line) => line.startsWith('data: '))
      if (data !== undefined) events.push(JSON.parse(data.slice(6)))
    }
    if (events.length >= MOST_EVENTS || chars > MOST_CHARS) break
  }
  return events
}
