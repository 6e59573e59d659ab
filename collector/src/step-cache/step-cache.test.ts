import { randomUUID } from 'node:crypto'
import { Cairn } from '@cairn/sdk'
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

const find = (key: string, more: object = {}) => collector.ask('POST', '/api/v1/step-cache/find', { key }, more)

describe('the step cache', () => {
  it('gives the output of one run to a step of another, which runs no code and has its own checkpoint', async () => {
    const key = `embed ${randomUUID()}`
    let ran = 0
    const agent = cairn.agent({ name: 'cached' }, (run) =>
      run.step('embed', { cache: { key, ttl: '1h' } }, () => {
        ran++
        return { vector: new Uint8Array([1, 2]), at: new Date(0) }
      }),
    )
    const first = await agent.run(undefined)
    await expect.poll(() => find(key).then((answer) => answer.status)).toBe(200)
    expect(await agent.run(undefined)).toEqual(first)
    expect(ran).toBe(1)
    const { body } = await collector.ask('GET', '/api/v1/runs?agent=cached')
    for (const { id } of body.items) expect(await collector.steps(id)).toMatchObject([{ key: 'embed', status: 'succeeded', attempt: 1 }])
  })

  it('keeps nothing for longer than asked, of failures, or for another project', async () => {
    const keys = { short: randomUUID(), failed: randomUUID(), long: randomUUID() }
    const agent = cairn.agent({ name: 'short' }, async (run) => {
      await run.step('short', { cache: { key: keys.short, ttl: '1ms' } }, () => 1)
      await run.step('long', { cache: { key: keys.long, ttl: '30d' } }, () => 2)
      await run.step('failed', { cache: { key: keys.failed, ttl: '1h' } }, () => {
        throw new Error('no')
      })
    })
    await expect(agent.run(undefined)).rejects.toThrow('no')
    await expect.poll(() => find(keys.long).then((answer) => answer.status)).toBe(200)
    expect((await find(keys.long)).body).toMatchObject({ output: 2, stepKey: 'long', tokens: 0, usd: '0' })
    expect([(await find(keys.short)).status, (await find(keys.failed)).status, (await find(keys.long, { key: OTHER_KEY })).status]).toEqual(
      [204, 204, 204],
    )
  })

  it.each([
    ['an empty key', { cache: { key: '', ttl: '1h' } }, 'cache.key'],
    ['a key too long', { cache: { key: 'x'.repeat(501), ttl: '1h' } }, '500'],
    ['a time too long', { cache: { key: 'k', ttl: '31d' } }, '30 days'],
    ['an effect', { cache: { key: 'k', ttl: '1h' }, effect: 'once' }, 'effect'],
  ] as const)('refuses %s', async (_what, options, message) => {
    const agent = cairn.agent({ name: 'refused' }, (run) => run.step('s', options, () => 1))
    await expect(agent.run(undefined)).rejects.toThrow(message)
  })
})
