import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunCollector, startRunCollector } from '../testing/run-collector.fixture.ts'

let collector: RunCollector
beforeAll(async () => {
  collector = await startRunCollector()
})
afterAll(() => collector?.stop())

describe('a resume', () => {
  it('that is refused leaves the connections to others, however many come at once', async () => {
    const { id } = await collector.create()
    const ask = () => Promise.all(Array.from({ length: 200 }, () => collector.ask('POST', `/api/v1/runs/${id}/resume`, {})))
    await ask()
    const answers = await ask()
    expect(answers.every((answer) => answer.status === 409)).toBe(true)
  })

  it('of one run, asked by many at once, is done once', async () => {
    const { id } = await collector.failed()
    const answers = await Promise.all(Array.from({ length: 10 }, () => collector.ask('POST', `/api/v1/runs/${id}/resume`, {})))
    expect(answers.map((answer) => answer.status).sort()).toEqual([202, ...Array.from({ length: 9 }, () => 409)])
  })
})
