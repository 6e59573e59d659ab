import { z } from 'zod'
import { cairn } from './agents/clients.ts'

const Answer = z.object({
  items: z.array(z.object({ id: z.string(), agent: z.string(), status: z.string(), steps: z.object({ done: z.number() }) })),
})

/** The newest runs that a filter of `GET /api/v1/runs` names. */
export async function listRuns(filter: string): Promise<z.infer<typeof Answer>['items']> {
  const { url, apiKey } = cairn.config
  const answer = await fetch(`${url}/api/v1/runs?${filter}`, { headers: { authorization: `Bearer ${apiKey}` } })
  if (!answer.ok) throw new Error(`GET /api/v1/runs answered ${answer.status}: ${await answer.text()}`)
  return Answer.parse(await answer.json()).items
}
