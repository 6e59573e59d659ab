import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { KEY, OTHER_KEY, type RunCollector, startRunCollector } from '../testing/run-collector.fixture.ts'

let collector: RunCollector
beforeAll(async () => {
  collector = await startRunCollector()
})
afterAll(() => collector?.stop())

const open: WebSocket[] = []
afterEach(() => {
  for (const socket of open.splice(0)) socket.terminate()
})

async function connect(key: string | null = KEY) {
  const headers = key === null ? {} : { authorization: `Bearer ${key}` }
  const socket = new WebSocket(`${collector.url.replace('http', 'ws')}/api/v1/checkpoints`, { headers })
  open.push(socket)
  const next = () => new Promise<Record<string, never>>((resolve) => socket.once('message', (data) => resolve(JSON.parse(String(data)))))
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  const refused = new Promise<number>((resolve) => socket.once('unexpected-response', (_, response) => resolve(response.statusCode ?? 0)))
  const opened = new Promise<void>((resolve) => socket.once('open', resolve))
  socket.on('error', () => {})
  return { socket, next, closed, refused, opened }
}

describe('the checkpoint socket', () => {
  it('stores batches and answers each by its id', async () => {
    const { id } = await collector.create({ agent: 'socket' })
    await collector.claim({ agent: 'socket' })
    const { socket, next, opened } = await connect()
    await opened
    const ask = (frame: object) => {
      const answer = next()
      socket.send(JSON.stringify(frame))
      return answer
    }
    expect(await ask({ id: 7, checkpoints: [{ runId: id, execution: 1, key: 'one', output: 1 }], emitted: [] })).toMatchObject({
      id: 7,
      results: [{ runId: id, key: 'one', status: 200 }],
      emitted: [],
    })
    expect(await ask({ id: 8, checkpoints: [{ runId: id, execution: 9, key: 'two' }] })).toMatchObject({
      results: [{ status: 409, error: { code: 'stale_execution' } }],
    })
    expect(await ask({ id: 9, checkpoints: [{ runId: id, execution: 0, key: '' }] })).toMatchObject({
      id: 9,
      error: { code: 'invalid_request', message: expect.stringContaining('body.checkpoints.0.') },
    })
    expect(await collector.steps(id)).toMatchObject([{ key: 'one', output: 1 }])
  })

  it('is of one project', async () => {
    const { id } = await collector.create({ agent: 'socket-other' })
    await collector.claim({ agent: 'socket-other' })
    const { socket, next, opened } = await connect(OTHER_KEY)
    await opened
    socket.send(JSON.stringify({ id: 1, checkpoints: [{ runId: id, execution: 1, key: 'one' }] }))
    expect(await next()).toMatchObject({ results: [{ status: 404 }] })
  })

  it('is refused without a key, and closed over a frame that nobody could be told about', async () => {
    expect(await (await connect(null)).refused).toBe(401)
    const { socket, closed, opened } = await connect()
    await opened
    socket.send('not json')
    expect(await closed).toBe(1007)
  })
})
