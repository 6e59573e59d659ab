import { Cairn } from '@cairn/sdk'
import OpenAI from 'openai'
import { z } from 'zod'

export const cairn = new Cairn() // CAIRN_URL, CAIRN_API_KEY
const openai = new OpenAI({ maxRetries: 0 }) // retries are Cairn's: each is a span

/** Stands for what your agent does outside of models: here it takes a while, so that there is time to kill it. */
async function search(topic: string, signal: AbortSignal): Promise<string[]> {
  await new Promise((resolve) => setTimeout(resolve, Number(process.env.SEARCH_MS ?? 3_000)))
  signal.throwIfAborted()
  return [`${topic} mark trails`, `${topic} outlast paint`]
}

export const guide = cairn.agent(
  { name: 'guide', version: '1', input: z.object({ topic: z.string() }), recovery: { mode: 'manual' }, steps: 3 },
  async (run, { topic }) => {
    const plan = await run.model('plan', { retry: { attempts: 3 } }, async (call) => {
      const messages = [{ role: 'user' as const, content: `What should one know about ${topic}?` }]
      call.request({ provider: 'openai', model: 'gpt-5-mini', messages })
      const answer = await openai.chat.completions.create({ model: 'gpt-5-mini', messages }, { signal: call.signal })
      call.response(answer) // model, tokens and text, read from the answer
      return answer.choices[0]?.message.content ?? ''
    })
    const hits = await run.tool('search', { input: { topic } }, (step) => search(topic, step.signal))
    run.state.hits = hits.length
    return run.step('write', () => `${plan}\n\n${hits.join('\n')}`)
  },
)
