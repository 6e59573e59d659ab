import { randomUUID } from 'node:crypto'
import { Cairn, type ContextOptions, type Run, type SessionHandle } from '@cairn/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KEY, OTHER_KEY, type RunCollector, startRunCollector } from '../testing/run-collector.fixture.ts'

let collector: RunCollector
let cairn: Cairn
beforeAll(async () => {
  collector = await startRunCollector()
  cairn = new Cairn({ url: collector.url, apiKey: KEY })
})
afterAll(async () => {
  await cairn?.close()
  await collector?.stop()
})

const pathOf = (id: string) => `/api/v1/sessions/${encodeURIComponent(id)}`
const say = (id: string, ...contents: string[]) =>
  collector.ask('POST', `${pathOf(id)}/messages`, { messages: contents.map((content) => ({ role: 'user', content })) })
const tailOf = async (id: string) => (await collector.ask('GET', `${pathOf(id)}?tail=true`)).body
const compact = (id: string, throughPosition: number, more: object = {}) =>
  collector.ask('POST', `${pathOf(id)}/compactions`, {
    throughPosition,
    summary: `to ${throughPosition}`,
    tokensBefore: 9,
    tokensAfter: 2,
    ...more,
  })

const sessionOf = (run: Run): SessionHandle => {
  if (run.session === null) throw new Error('no session')
  return run.session
}
const counted = (calls: string[]): ContextOptions => ({
  keepTokens: 2,
  maxTokens: 3,
  model: 'gpt-4o-mini',
  countTokens: ({ role }) => (role === 'system' ? 1 : 1_000_000),
  summarise: (older, { previous }) => {
    const text = [...(previous === null ? [] : [previous]), ...older.map(({ content }) => String(content))].join(',')
    calls.push(text)
    return text
  },
})

describe('compactions of a session', () => {
  it('the farthest one counts, and the tail is what it leaves out; the history stays', async () => {
    const id = `chat ${randomUUID()}`
    await say(id, 'a', 'b\0', 'c', 'd')
    expect(await tailOf(id)).toMatchObject({ compaction: null, messages: [{ content: 'a' }, { content: 'b\0' }, {}, {}] })
    const stored = await compact(id, 1, { summary: 'a b\0' })
    expect(stored.status).toBe(201)
    expect(stored.body).toMatchObject({
      version: 1,
      compaction: { throughPosition: 1, summary: 'a b\0', tokensBefore: 9, tokensAfter: 2, runId: null },
      messages: [{ role: 'user', content: 'c' }, { content: 'd' }],
    })
    expect((await compact(id, 2)).status).toBe(201)
    const behind = await compact(id, 1)
    expect([behind.status, behind.body.compaction.throughPosition]).toEqual([200, 2])
    await say(id, 'e')
    expect(await tailOf(id)).toMatchObject({
      version: 2,
      compaction: { throughPosition: 2 },
      messages: [{ content: 'd' }, { content: 'e' }],
    })
    const whole = (await collector.ask('GET', pathOf(id))).body
    expect(whole.messages).toHaveLength(5)
    expect(whole).not.toHaveProperty('compaction')
  })

  it('of many at once none fails', async () => {
    const id = randomUUID()
    await say(id, ...'abcdefgh')
    const answers = await Promise.all([3, 5, 5, 1, 7, 2, 7].map((through) => compact(id, through)))
    expect(answers.every(({ status }) => status === 200 || status === 201)).toBe(true)
    expect((await tailOf(id)).compaction.throughPosition).toBe(7)
  })

  it.each([
    ['a position without a message', { throughPosition: 4 }, 400, 'throughPosition'],
    ['a negative position', { throughPosition: -1 }, 400, 'throughPosition'],
    ['an empty summary', { summary: '' }, 400, 'summary'],
    ['tokens that are no count', { tokensBefore: 1.5 }, 400, 'tokensBefore'],
  ])('refuses %s', async (_what, wrong, status, text) => {
    const id = randomUUID()
    await say(id, 'a')
    const answer = await compact(id, 0, wrong)
    expect(answer.status).toBe(status)
    expect(answer.text).toContain(text)
  })

  it('keeps those of another project apart', async () => {
    const id = randomUUID()
    await say(id, 'a')
    await compact(id, 0)
    expect((await collector.ask('GET', `${pathOf(id)}?tail=true`, undefined, { key: OTHER_KEY })).status).toBe(404)
  })
})

describe('run.session.context', () => {
  it('summarises once over turns and a resume, and what it saves is counted', async () => {
    const sessionId = `chat/${randomUUID()}`
    const calls: string[] = []
    await say(sessionId, ...'abcde')
    let fails = true
    const agent = cairn.agent({ name: `chat-${randomUUID()}` }, async (run) => {
      const found = await sessionOf(run).context(counted(calls))
      if (fails) throw new Error('killed')
      await sessionOf(run).addMessages([{ role: 'assistant', content: 'f' }])
      return found
    })
    await agent.run(undefined, { sessionId }).catch(() => {})
    fails = false
    const [{ id }] = (await collector.ask('GET', `/api/v1/runs?sessionId=${encodeURIComponent(sessionId)}`)).body.items
    const worker = await cairn.serve([agent], { handleSignals: false })
    await collector.ask('POST', `/api/v1/runs/${id}/resume`, {})
    await expect.poll(() => collector.get(id).then(({ status }) => status), { timeout: 20_000 }).toBe('succeeded')
    await worker.stop()
    expect(calls).toEqual(['a,b,c,d'])
    expect((await collector.get(id)).output).toMatchObject({ summary: 'a,b,c,d', messages: [{ role: 'system' }, { content: 'e' }] })
    expect(await collector.steps(id)).toMatchObject([{ key: `session.context/${sessionId}@3`, status: 'succeeded', execution: 1 }])
    expect((await tailOf(sessionId)).compaction).toMatchObject({ throughPosition: 3, tokensBefore: 4_000_000, tokensAfter: 1, runId: id })

    const filter = `filter=${encodeURIComponent(`session:${sessionId}`)}`
    const savings = async () => (await collector.ask('GET', `/api/v1/reports/savings?${filter}`)).body.totals
    // Both executions gave the context to what would have called a model.
    await expect.poll(savings, { timeout: 20_000 }).toMatchObject({ savedByCompactionTokens: 7_999_998, savedByCompactionUsd: '1.1999997' })
  })

  it('lets two runs at once compact the same session', async () => {
    const sessionId = randomUUID()
    const calls: string[] = []
    await say(sessionId, ...'abcde')
    const agent = cairn.agent({ name: `both-${randomUUID()}` }, (run) => sessionOf(run).context(counted(calls)))
    const found = await Promise.all([1, 2, 3].map(() => agent.run(undefined, { sessionId })))
    expect(found.map(({ summary }) => summary)).toEqual(Array(3).fill('a,b,c,d'))
    expect((await tailOf(sessionId)).messages).toHaveLength(1)
  })
})
