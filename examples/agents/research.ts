import { setTimeout as sleep } from 'node:timers/promises'
import type { ModelCall } from '@cairn/sdk'
import { z } from 'zod'
import { anthropic, cairn, callOptions, openai, searchWeb } from './clients.ts'

const Question = z.object({ topic: z.string().min(3) })

/** The fact check waits for its turn before it asks. The worker that is to die waits long there, to die in the middle of a step. */
const FACT_CHECK_WAIT_MS = Number(process.env.FACT_CHECK_WAIT_MS ?? 300)

const SYSTEM = `You are a careful research assistant. You answer from the sources you are given and say so where they disagree.
Write plainly, in short sentences, for a reader who knows nothing of the subject but is in no hurry. Name numbers with their units,
and dates with their years. Never invent a source. Where you are asked for JSON, answer with JSON and nothing else. Prefer primary
sources to summaries of them, recent ones to old ones, and measurements to opinions. When two sources differ, give both figures and
say which you trust more and why. Keep quotations under twenty words and put them in quotation marks. Leave out what the question
did not ask for, however interesting. If the sources do not hold the answer, say that they do not.`

const ANGLES = ['history', 'materials', 'practice', 'limits'] as const

async function ask(call: ModelCall, model: string, prompt: string): Promise<string> {
  const messages = [
    { role: 'system' as const, content: SYSTEM },
    { role: 'user' as const, content: prompt },
  ]
  call.request({ provider: 'openai', model, messages })
  const answer = await openai.chat.completions.create({ model, messages }, callOptions(call))
  call.response(answer)
  return answer.choices[0]?.message.content ?? ''
}

async function askStreaming(call: ModelCall, model: string, prompt: string): Promise<string> {
  const messages = [
    { role: 'system' as const, content: SYSTEM },
    { role: 'user' as const, content: prompt },
  ]
  call.request({ provider: 'openai', model, messages, stream: true })
  const stream = openai.chat.completions.stream({ model, messages, stream_options: { include_usage: true } }, callOptions(call))
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content) call.firstToken()
  const answer = await stream.finalChatCompletion()
  call.response(answer)
  return answer.choices[0]?.message.content ?? ''
}

/** A sub-agent: its run is a child of the one that calls it, in the same trace. */
export const writer = cairn.agent(
  { name: 'writer', version: '2', input: z.object({ topic: z.string(), draft: z.string() }), recovery: { mode: 'manual' }, steps: 1 },
  (run, { topic, draft }) =>
    run.model('polish', async (call) => {
      const system = 'You turn drafts into clear, friendly prose. You never add facts.'
      const messages = [{ role: 'user' as const, content: `Polish this draft on ${topic}:\n${draft}` }]
      call.request({ provider: 'anthropic', model: 'claude-sonnet-4-6', system, messages, maxTokens: 2_000 })
      const answer = await anthropic.messages.create({ model: 'claude-sonnet-4-6', max_tokens: 2_000, system, messages }, callOptions(call))
      call.response(answer)
      return answer.content.map((block) => (block.type === 'text' ? block.text : '')).join('')
    }),
)

/** Fifteen steps, each of which makes one call: plan, search, read, write, check, publish. */
export const research = cairn.agent(
  { name: 'research', version: '3', input: Question, recovery: { mode: 'manual' }, steps: 15 },
  async (run, { topic }) => {
    run.state.topic = topic
    const plan = await run.model('plan', async (call) => {
      const queries = ANGLES.map((angle) => `${topic}: ${angle}`)
      const text = await ask(call, 'gpt-5-mini', `Plan four searches on ${topic}. Answer as JSON.\nREPLY: ${JSON.stringify({ queries })}`)
      return z.object({ queries: z.array(z.string()).length(4) }).parse(JSON.parse(text)).queries
    })
    run.state.phase = 'searching'

    const found = await Promise.all(
      plan.map((query, i) =>
        run.tool('search', { key: `search/${ANGLES[i]}`, input: { query }, retry: { attempts: 3 } }, (step) => searchWeb(query, step)),
      ),
    )
    run.state.sources = found.flat().length

    const notes: string[] = []
    for (const [i, angle] of ANGLES.slice(0, 3).entries()) {
      const sources = (found[i] ?? []).map((source) => `${source.title}: ${source.text}`).join('\n')
      notes.push(
        await run.model(`read/${angle}`, (call) =>
          ask(call, 'gpt-4o-mini', `Take notes on ${topic} (${angle}) from these sources:\n${sources}`),
        ),
      )
      run.state.notes = notes.length
    }

    run.state.phase = 'writing'
    const facts = await run.model('extract-facts', (call) =>
      ask(call, 'gpt-5-mini', `List the checkable facts in these notes:\n${notes.join('\n')}`),
    )
    const outline = await run.model('outline', (call) =>
      ask(call, 'gpt-4o-mini', `Outline an article on ${topic} from these facts:\n${facts}`),
    )
    const draft = await run.model('draft', (call) =>
      askStreaming(call, 'gpt-4o-mini', `Write the article on ${topic} by this outline:\n${outline}`),
    )

    run.state.phase = 'checking'
    const check = await run.model('fact-check', async (call) => {
      await sleep(FACT_CHECK_WAIT_MS, undefined, { signal: call.signal })
      return ask(call, 'gpt-5-mini', `Check each fact of this draft:\n${draft}`)
    })
    const text = await run.call(writer, { topic, draft })
    const review = await run.model('review', (call) =>
      ask(call, 'gpt-4o-mini', `Review the article on ${topic}, mind the fact check:\n${check}\n${text}`),
    )

    const article = `# ${topic}\n\n${text}\n\n## Review\n\n${review}\n`
    await run.artifact('article.md', article)
    const published = await run.tool('publish', { input: { title: topic } }, (step) => searchWeb(`published: ${topic}`, step))
    run.state.phase = 'published'
    return { title: topic, article, url: published[0]?.url ?? null, sources: found.flat().length }
  },
)
