import { randomUUID } from 'node:crypto'
import { TakenToken } from '@cairn/sdk/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OTHER_KEY, type RunCollector, startRunCollector } from '../testing/run-collector.fixture.ts'

let collector: RunCollector
beforeAll(async () => {
  collector = await startRunCollector()
})
afterAll(() => collector?.stop())

const take = (key: string, body: object, asked = {}) =>
  collector.ask('POST', `/api/v1/rate-limits/${encodeURIComponent(key)}/take`, body, asked)

describe('a token', () => {
  it('is given so many times at once, then for a wait, then not at all if the wait would be too long', async () => {
    const key = `open ai/${randomUUID()}`
    const answers = await Promise.all(Array.from({ length: 4 }, () => take(key, { limit: 3, periodMs: 3_600_000 })))
    const tokens = answers.map(({ status, body }) => {
      expect(status).toBe(200)
      return TakenToken.parse(body)
    })
    expect(tokens.filter(({ waitMs }) => waitMs === 0)).toHaveLength(3)
    expect(tokens.every(({ taken }) => taken)).toBe(true)
    const refused = await take(key, { limit: 3, periodMs: 3_600_000, maxWaitMs: 1_000 })
    expect(refused.body).toMatchObject({ taken: false })
    expect(refused.body.waitMs).toBeGreaterThan(1_000)
  })

  it('is of the project of its key', async () => {
    const key = randomUUID()
    const ask = { limit: 1, periodMs: 3_600_000, maxWaitMs: 0 }
    expect((await take(key, ask)).body.taken).toBe(true)
    expect((await take(key, ask, { key: OTHER_KEY })).body.taken).toBe(true)
    expect((await take(key, ask)).body.taken).toBe(false)
  })

  it.each([
    [{ periodMs: 1_000 }, 'body.limit'],
    [{ limit: 1, periodMs: 0 }, 'body.periodMs'],
    [{ limit: 1, periodMs: 1_000, maxWaitMs: -1 }, 'body.maxWaitMs'],
  ])('is refused for %j, naming the field', async (body, field) => {
    const answer = await take('k', body)
    expect(answer.status).toBe(400)
    expect(answer.body.error.message).toContain(field)
  })
})
