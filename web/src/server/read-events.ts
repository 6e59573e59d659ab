import 'server-only'
import { fetchCollector } from './collector'
import { readEventPage } from './event-page'

/** What is stored of a run's events after one of them, at most a page. */
export async function readEvents(runId: string, after: number): Promise<unknown[]> {
  const answer = await fetchCollector(`/api/v1/runs/${runId}/events`, { query: { follow: 'false', lastEventId: after } })
  if (!answer.ok || answer.body === null) throw new Error(`The collector answered ${answer.status}.`)
  return readEventPage(answer.body)
}
