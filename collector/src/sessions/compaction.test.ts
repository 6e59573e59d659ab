import { randomUUID } from 'node:crypto'
import { Cairn, type ContextOptions, type Run, type SessionContext } from '@cairn/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KEY, OTHER_KEY, type RunCollector, startRunCollector } from '../testing/run-collector.fixture.ts'

let collector: RunCollector
let cairn: Cairn
beforeAll(async () => {
  collector = await startRunCollector()
  cairn = new Cairn({ url: collector.url, apiKey: KEY, telemetry: false })
})
afterAll(async () => {
  await cairn?.close()
  await collector?.stop()
})

const texts = (context: SessionContext) => context.messages.map(({ content }) => content)
/** One token a message, so that the figures are plain. */
const countTokens = () => 1

function contextAgent(options: Partial<ContextOptions> = {}) {
  const asked: { older: unknown[]; previous: string | null }[] = []
  const agent = cairn.agent({ name: `context-${randomUUID()}`, recovery: { mode: 'manual' } }, async (run: Run, said: string[]) => {
    if (said.length > 0) await run.step('hear', () => run.session?.addMessages(said.map((content) => ({ role: 'user', content }))))
    return run.session?.context({
      keepTokens: 2,
      maxTokens: 4,
      countTokens,
      summarise: (older, { previous }) => {
        asked.push({ older: older.map(({ content }) => content), previous })
        return `${previous ?? ''}${older.map(({ content }) => content).join('')}`
      },
      ...options,
    })
  })
  const turn = async (sessionId: string, ...said: string[]): Promise<SessionContext> => {
    const context = await agent.run(said, { sessionId })
    if (context === undefined) throw new Error('a run with a session has one')
    return context
  }
  return { agent, asked, turn }
}

describe('a session’s context', () => {
  it('is all of it until that is too long; then a summary, which the next turns load and the next summary takes in', async () => {
    const { asked, turn } = contextAgent()
    const id = randomUUID()
    expect(await turn(id, 'a', 'b', 'c', 'd')).toMatchObject({ summary: null, tokens: 4, savedTokens: 0 })
    const compacted = await turn(id, 'e')
    expect(texts(compacted)).toEqual(['abc', 'd', 'e'])
    expect(compacted).toMatchObject({ summary: 'abc', tokens: 3, savedTokens: 2 })
    expect(texts(await turn(id, 'f'))).toEqual(['abc', 'd', 'e', 'f'])
    expect(asked).toHaveLength(1)
    const again = await turn(id, 'g')
    expect(texts(again)).toEqual(['abcde', 'f', 'g'])
    expect(again.savedTokens).toBe(4)
    expect(asked.at(-1)).toEqual({ older: ['d', 'e'], previous: 'abc' })
    const { body } = await collector.ask('GET', `/api/v1/sessions/${id}`)
    expect(body.messages).toHaveLength(7)
    expect(body.compaction).toMatchObject({ throughPosition: 4, summary: 'abcde', tokensBefore: 5, tokensAfter: 1 })
    expect((await collector.ask('GET', `/api/v1/sessions/${id}?tail=true`)).body.messages).toHaveLength(2)
  })

  it('pays for a summary once, whatever breaks between its step and the session', async () => {
    const { agent, asked } = contextAgent()
    const id = randomUUID()
    await collector.ask('POST', `/api/v1/sessions/${id}/messages`, {
      messages: [...'abcdef'].map((content) => ({ role: 'user', content })),
    })
    await collector.query('ALTER TABLE session_compactions ADD CONSTRAINT broken CHECK (false) NOT VALID')
    const handle = await agent.start([], { sessionId: id })
    const worker = await cairn.serve([agent])
    await expect.poll(async () => (await collector.get(handle.id)).status, { timeout: 30_000 }).toBe('failed')
    await collector.query('ALTER TABLE session_compactions DROP CONSTRAINT broken')
    expect(asked).toHaveLength(1)
    await handle.resume()
    const context = await handle.result()
    expect(context && texts(context)).toEqual(['abcd', 'e', 'f'])
    expect(asked).toHaveLength(1)
    await worker.stop()
  })

  it('loses nothing when two runs compact at once: the one that went farther counts', async () => {
    const id = randomUUID()
    await collector.ask('POST', `/api/v1/sessions/${id}/messages`, {
      messages: [...'abcdef'].map((content) => ({ role: 'user', content })),
    })
    const contexts = await Promise.all([contextAgent().turn(id), contextAgent({ keepTokens: 1 }).turn(id)])
    expect(contexts.map(texts)).toEqual([
      ['abcd', 'e', 'f'],
      ['abcde', 'f'],
    ])
    expect(texts(await contextAgent().turn(id))).toEqual(['abcde', 'f'])
  })

  it('refuses a summary that is none, and names what is wrong', async () => {
    const id = randomUUID()
    const { turn } = contextAgent({ summarise: () => '' })
    await expect(turn(id, 'a', 'b', 'c', 'd', 'e')).rejects.toThrow('summarise must give a text')
  })

  it('is the project’s own, and stands for messages that there are', async () => {
    const id = randomUUID()
    await collector.ask('POST', `/api/v1/sessions/${id}/messages`, { messages: [{ role: 'user', content: 'a' }] })
    const compaction = { throughPosition: 0, summary: 's', tokensBefore: 1, tokensAfter: 1 }
    const path = `/api/v1/sessions/${id}/compactions`
    expect((await collector.ask('POST', path, compaction, { key: OTHER_KEY })).status).toBe(404)
    expect((await collector.ask('POST', path, { ...compaction, throughPosition: 1 })).body.error.message).toContain('body.throughPosition')
    expect((await collector.ask('POST', path, { ...compaction, summary: '' })).body.error.message).toContain('body.summary')
    expect((await collector.ask('POST', path, compaction)).body).toMatchObject({ version: 1, messages: [], compaction: { summary: 's' } })
  })
})
