import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FakeCollector } from '../testing/fake-collector.ts'
import { until, useFake } from '../testing/start-fake.ts'
import type { ContextOptions, Run, SessionHandle, SessionMessage } from './run.ts'

const fake = useFake()
const SESSION = 'chat/1'

const sessionOf = (run: Run): SessionHandle => {
  if (run.session === null) throw new Error('no session')
  return run.session
}
const say = (collector: FakeCollector, ...contents: string[]): void => {
  const session = collector.sessions.get(SESSION)
  session.messages.push(...contents.map((content) => ({ role: 'user', content })))
  session.version++
}
/** A summary that names what it stands for; a token each message. */
function summing(more: Partial<ContextOptions> = {}): { options: ContextOptions; calls: string[] } {
  const calls: string[] = []
  return {
    calls,
    options: {
      keepTokens: 2,
      maxTokens: 4,
      countTokens: () => 1,
      summarise: (older, { previous }) => {
        const text = [previous, ...older.map(({ content }) => String(content))].filter((part) => part !== null).join(',')
        calls.push(text)
        return text
      },
      ...more,
    },
  }
}
const texts = (messages: readonly SessionMessage[]) => messages.map(({ role, content }) => `${role}:${String(content)}`)

async function runInSession<T>(collector: FakeCollector, fn: (run: Run) => Promise<T>, options = {}): Promise<T> {
  const agent = fake.connect(collector, options).agent({ name: 'a' }, fn)
  return (await agent.run(undefined, { sessionId: SESSION })) as T
}

describe('session.context', () => {
  it('gives all of a short conversation, and of one that nobody wrote to nothing', async () => {
    const collector = await fake.start()
    const { options, calls } = summing()
    expect(await runInSession(collector, (run) => sessionOf(run).context(options))).toEqual({
      messages: [],
      summary: null,
      version: 0,
      tokens: 0,
      savedTokens: 0,
    })
    say(collector, 'a', 'b', 'c', 'd')
    const found = await runInSession(collector, (run) => sessionOf(run).context(options))
    expect(texts(found.messages)).toEqual(['user:a', 'user:b', 'user:c', 'user:d'])
    expect(calls).toEqual([])
  })

  it('summarises over several turns, each time only what no summary stands for', async () => {
    const collector = await fake.start()
    const { options, calls } = summing()
    const seen = await runInSession(collector, async (run) => {
      const turns = []
      for (const turn of ['abcde', 'f', 'g', 'hij']) {
        await sessionOf(run).addMessages([...turn].map((content) => ({ role: 'user', content })))
        turns.push(await sessionOf(run).context(options))
      }
      return turns
    })
    expect(calls).toEqual(['a,b,c', 'a,b,c,d,e', 'a,b,c,d,e,f,g,h'])
    expect(seen.map(({ messages }) => texts(messages))).toEqual([
      ['system:a,b,c', 'user:d', 'user:e'],
      ['system:a,b,c', 'user:d', 'user:e', 'user:f'],
      ['system:a,b,c,d,e', 'user:f', 'user:g'],
      ['system:a,b,c,d,e,f,g,h', 'user:i', 'user:j'],
    ])
    expect(seen.map(({ tokens, savedTokens }) => [tokens, savedTokens])).toEqual([
      [3, 2],
      [4, 2],
      [3, 4],
      [3, 7],
    ])
    expect(collector.sessions.get(SESSION).messages).toHaveLength(10)
    expect(collector.sessions.get(SESSION).compactions.at(-1)).toMatchObject({
      throughPosition: 7,
      tokensBefore: 8,
      tokensAfter: 1,
      runId: collector.firstRun.id,
    })
  })

  it.each([
    ['after the checkpoint', false],
    ['between the session and the checkpoint', true],
  ])('summarises once over a crash %s, and a resume emits and counts on', async (_what, beforeCheckpoint) => {
    const collector = await fake.start()
    const { options, calls } = summing()
    const seen: unknown[] = []
    say(collector, 'a', 'b', 'c', 'd', 'e')
    collector.intercept = ({ method, path, body }) => {
      if (!beforeCheckpoint || !path.endsWith('/compactions')) return undefined
      collector.intercept = () => undefined
      collector.sessions.answer(method, path, body)
      return { status: 500 }
    }
    const agent = fake.connect(collector).agent({ name: 'a' }, async (run) => {
      run.state.n = Number(run.state.n ?? 0) + 1
      const { messages } = await sessionOf(run).context(options)
      run.state.n = Number(run.state.n) + 1
      if (run.execution === 1) throw new Error('killed')
      await run.emit('seen', texts(messages))
      seen.push(texts(messages), run.state.n)
    })
    await agent.run(undefined, { sessionId: SESSION }).catch(() => {})
    const worker = await fake.connect(collector).serve([agent], { handleSignals: false })
    collector.requeue(collector.firstRun.id)
    await until(() => collector.firstRun.status === 'succeeded')
    await worker.stop()
    expect(calls).toEqual(['a,b,c'])
    expect(seen).toEqual([['system:a,b,c', 'user:d', 'user:e'], 2])
    expect(collector.emitted).toHaveLength(1)
    const stored = [...collector.firstRun.steps.values()].map(({ key, status }) => [key, status])
    expect(stored).toEqual([[`session.context/${SESSION}@2`, beforeCheckpoint ? 'failed' : 'succeeded']])
  })

  it('takes back summaries of several turns at the same calls, with the state of then', async () => {
    const collector = await fake.start()
    const { options, calls } = summing()
    const states: unknown[] = []
    say(collector, 'a', 'b', 'c', 'd', 'e')
    const cairn = fake.connect(collector)
    const agent = cairn.agent({ name: 'a' }, async (run) => {
      for (const turn of [1, 2, 3]) {
        await sessionOf(run).context(options)
        run.state.turn = turn
        if (run.execution === 2) states.push(run.state.turns)
        await run.step(`say/${turn}`, () => sessionOf(run).addMessages([{ role: 'user', content: `t${turn}` }]))
        run.state.turns = Number(run.state.turns ?? 0) + 1
      }
      if (run.execution === 1) throw new Error('killed')
    })
    await agent.run(undefined, { sessionId: SESSION }).catch(() => {})
    expect(calls).toHaveLength(2)
    const worker = await cairn.serve([agent], { handleSignals: false })
    collector.requeue(collector.firstRun.id)
    await until(() => collector.firstRun.status === 'succeeded')
    await worker.stop()
    expect(calls).toHaveLength(2)
    expect(states).toEqual([undefined, 1, 2])
    expect(collector.firstRun.state).toEqual({ turn: 3, turns: 3 })
  })

  it('lets two runs compact at once: the farther summary counts, nobody fails', async () => {
    const collector = await fake.start()
    say(collector, 'a', 'b', 'c', 'd', 'e')
    const { promise: both, resolve: begin } = Promise.withResolvers<void>()
    let begun = 0
    const slow = (): Partial<ContextOptions> => ({
      summarise: async (older) => {
        if (++begun === 2) begin()
        await both
        return older.map(({ content }) => content).join(',')
      },
    })
    const near = runInSession(collector, (run) => sessionOf(run).context(summing({ ...slow(), keepTokens: 3 }).options))
    await until(() => begun === 1)
    const far = runInSession(collector, (run) => sessionOf(run).context(summing({ ...slow(), keepTokens: 1 }).options))
    const seen = await Promise.all([near, far])
    expect(seen[1].summary).toBe('a,b,c,d')
    expect(['a,b', 'a,b,c,d']).toContain(seen[0].summary)
    expect(collector.sessions.get(SESSION).compactions.at(-1)?.throughPosition).toBe(3)
  })

  it('makes one summary for calls of one run at once, and tries again after a failure', async () => {
    const collector = await fake.start()
    say(collector, 'a', 'b', 'c', 'd', 'e')
    const { options, calls } = summing()
    let failures = 1
    const failing: ContextOptions = {
      ...options,
      summarise: (older, before) => {
        if (failures-- > 0) throw new RangeError('the model is away')
        return options.summarise(older, before)
      },
    }
    const seen = await runInSession(collector, async (run) => {
      await expect(sessionOf(run).context(failing)).rejects.toThrow('the model is away')
      return Promise.all([sessionOf(run).context(failing), sessionOf(run).context(failing)])
    })
    expect(calls).toEqual(['a,b,c'])
    expect(seen[0]).toEqual(seen[1])
  })

  it.each<[string, Partial<ContextOptions> | 'nested']>([
    ['keepTokens', { keepTokens: 0 }],
    ['keepTokens', { keepTokens: Number.NaN }],
    ['maxTokens', { keepTokens: 10, maxTokens: 9 }],
    ['countTokens', { countTokens: () => -1 }],
    ['summarise must return text', { summarise: () => '' }],
    ['its own summarise', 'nested'],
  ])('refuses what makes no sense: %s %o', async (message, wrong) => {
    const collector = await fake.start()
    say(collector, 'a', 'b', 'c', 'd', 'e')
    const ended = runInSession(collector, (run) => {
      const { options } = summing()
      const nested = { ...options, summarise: async () => (await sessionOf(run).context(options)).summary ?? '' }
      return sessionOf(run).context(wrong === 'nested' ? nested : { ...options, ...wrong })
    })
    await expect(ended).rejects.toThrow(message)
  })

  it('says on its span what it saved, once a call and not again on replay', async () => {
    const collector = await fake.start()
    say(collector, 'a', 'b', 'c', 'd', 'e')
    const { options } = summing({ model: 'gpt-4o' })
    const cairn = fake.connect(collector, { telemetry: true })
    const agent = cairn.agent({ name: 'a' }, async (run) => {
      await sessionOf(run).context(options)
      await run.step('answer', () => 1)
      if (run.execution === 1) throw new Error('killed')
    })
    await agent.run(undefined, { sessionId: SESSION }).catch(() => {})
    const worker = await cairn.serve([agent], { handleSignals: false })
    collector.requeue(collector.firstRun.id)
    await until(() => collector.firstRun.status === 'succeeded')
    await worker.stop()
    const spans = collector.spans.filter(({ name }) => name === 'session.context')
    expect(spans.map(({ attributes }) => attributes)).toEqual([
      expect.objectContaining({ 'cairn.kind': 'other', 'gen_ai.request.model': 'gpt-4o', 'cairn.compaction.saved_tokens': 2 }),
    ])
  })

  it('never loses a message: the summary stands for the first ones, the rest follow', async () => {
    const collector = await fake.start()
    const cairn = fake.connect(collector)
    const check = fc.asyncProperty(
      fc.uuid(),
      fc.array(fc.array(fc.constantFrom('user', 'assistant', 'tool'), { maxLength: 8 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 6 }),
      async (id, turns, keepTokens) => {
        let serial = 0
        const agent = cairn.agent({ name: id }, async (run) => {
          const { options } = summing({ keepTokens, maxTokens: keepTokens + 1 })
          for (const roles of turns) {
            if (roles.length > 0) await sessionOf(run).addMessages(roles.map((role) => ({ role, content: ++serial })))
            const { messages, summary } = await sessionOf(run).context(options)
            const tail = summary === null ? messages : messages.slice(1)
            const head = summary === null ? [] : summary.split(',').map(Number)
            expect([...head, ...tail.map(({ content }) => content)]).toEqual(Array.from({ length: serial }, (_, i) => i + 1))
          }
        })
        await agent.run(undefined, { sessionId: id })
      },
    )
    await fc.assert(check, { numRuns: 30 })
  })
})
