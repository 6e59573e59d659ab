import Anthropic from '@anthropic-ai/sdk'
import { Cairn } from '@cairn/sdk'
import OpenAI from 'openai'

const MODEL_URL = process.env.MODEL_URL ?? 'http://127.0.0.1:4010'

/** CAIRN_URL and CAIRN_API_KEY say where to. */
export const cairn = new Cairn({ serviceName: 'sample-agents' })

// Retries are Cairn's: each attempt is a span, and none is hidden in the client.
export const openai = new OpenAI({ baseURL: `${MODEL_URL}/v1`, apiKey: process.env.OPENAI_API_KEY ?? 'sk-sample', maxRetries: 0 })
export const anthropic = new Anthropic({ baseURL: MODEL_URL, apiKey: process.env.ANTHROPIC_API_KEY ?? 'sk-sample', maxRetries: 0 })

/** What of a step goes with every call: its abort signal, and the key by which the other side tells repeats. */
interface StepLike {
  readonly signal: AbortSignal
  readonly idempotencyKey: string
}

/** How the sample's model server is asked to misbehave; a real provider ignores these headers. */
export interface Trouble {
  readonly sim?: string | undefined
}

export const callOptions = (step: StepLike, trouble: Trouble = {}) => ({
  signal: step.signal,
  headers: {
    'idempotency-key': step.idempotencyKey,
    ...(trouble.sim === undefined ? {} : { 'x-sim': trouble.sim }),
  },
})

export interface SearchResult {
  readonly title: string
  readonly url: string
  readonly text: string
}

/** The sample's search engine. */
export async function searchWeb(query: string, step: StepLike): Promise<SearchResult[]> {
  const { headers } = callOptions(step)
  const answer = await fetch(`${MODEL_URL}/tools/search`, {
    method: 'POST',
    signal: step.signal,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  if (!answer.ok) throw new Error(`search answered ${answer.status}`)
  return ((await answer.json()) as { results: SearchResult[] }).results
}
