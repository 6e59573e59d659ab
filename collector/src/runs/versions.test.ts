import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunCollector, startRunCollector } from '../testing/run-collector.fixture.ts'

let collector: RunCollector
beforeAll(async () => {
  collector = await startRunCollector()
})
afterAll(() => collector?.stop())

const claim = async (agent: string, versions: string[], pin?: 'version', more: object = {}) => {
  const agents = [{ name: agent, versions, recovery: { mode: 'manual' }, ...(pin ? { pin } : {}), ...more }]
  return (await collector.ask('POST', '/api/v1/claims', { workerId: 'w1', agents, limit: 1, waitMs: 0 })).body.runs
}
async function stopped(agent: string): Promise<string> {
  const { id } = await collector.create({ agent })
  await claim(agent, ['1'])
  await collector.finish(id, 1, { status: 'paused' })
  await collector.ask('POST', `/api/v1/runs/${id}/resume`, {})
  return id
}

describe('a run that goes on', () => {
  it('does so in whatever version is served, unless the agent is pinned', async () => {
    const id = await stopped('v-free')
    expect(await claim('v-free', ['2'])).toMatchObject([{ id, execution: 2, version: '2' }])
  })

  it.each([
    ['without limits', {}],
    ['with limits', { concurrency: { limit: 5 } }],
  ])('of a pinned agent %s waits for its version, also beside a newer one', async (name, more) => {
    const agent = `v-pinned ${name}`
    const id = await stopped(agent)
    expect(await claim(agent, ['2'], 'version', more)).toEqual([])
    expect(await claim(agent, ['2', '1'], 'version', more)).toMatchObject([{ id, execution: 2, version: '1' }])
  })

  it('of a pinned agent goes on in the version that a person names', async () => {
    const { id } = await collector.create({ agent: 'v-named' })
    await claim('v-named', ['1'])
    await collector.finish(id, 1, { status: 'paused' })
    await collector.ask('POST', `/api/v1/runs/${id}/resume`, { version: '2' })
    expect(await claim('v-named', ['1'], 'version')).toEqual([])
    expect(await claim('v-named', ['2'], 'version')).toMatchObject([{ id, version: '2' }])
  })

  it('of a pinned agent begins in any version', async () => {
    const { id } = await collector.create({ agent: 'v-new' })
    expect(await claim('v-new', ['7'], 'version')).toMatchObject([{ id, version: '7' }])
  })
})
