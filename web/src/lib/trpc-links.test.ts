import { createServer } from 'node:http'
import { createTRPCClient } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import superjson from 'superjson'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createLink } from './trpc-links.ts'

const t = initTRPC.create({ transformer: superjson })
const router = t.router({
  length: t.procedure.input(z.string()).query(({ input }) => input.length),
  change: t.procedure.input(z.string()).mutation(({ input }) => input.length),
})

describe('questions to the server', () => {
  const asked: { method: string; chars: number }[] = []
  // Node's own limits of a request's line and headers are the ones that matter.
  const server = createServer(async (request, response) => {
    asked.push({ method: request.method ?? '', chars: request.url?.length ?? 0 })
    const body = request.method === 'POST' ? { body: await new Response(request as never).text() } : {}
    const answer = await fetchRequestHandler({
      endpoint: '/api/trpc',
      req: new Request(`http://localhost${request.url}`, { method: request.method ?? '', headers: request.headers as never, ...body }),
      router,
      allowMethodOverride: true,
    })
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
  })
  beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)))
  afterAll(() => void server.close())
  const client = () => {
    const { port } = server.address() as { port: number }
    return createTRPCClient<typeof router>({ links: [createLink(`http://127.0.0.1:${port}/api/trpc`) as never] })
  }

  it('are asked together, but never in an address that is too long', async () => {
    asked.length = 0
    const api = client()
    const lengths = await Promise.all(Array.from({ length: 30 }, (_, n) => api.length.query('x'.repeat(1_000 + n))))
    expect(lengths).toEqual(Array.from({ length: 30 }, (_, n) => 1_000 + n))
    expect(asked.length).toBeLessThan(10)
    for (const { method, chars } of asked) {
      expect(method).toBe('GET')
      expect(chars).toBeLessThanOrEqual(8_000)
    }
  })
  it('that are long themselves go in the body', async () => {
    asked.length = 0
    expect(await client().length.query('ä/'.repeat(50_000))).toBe(100_000)
    expect(asked).toEqual([{ method: 'POST', chars: expect.any(Number) }])
    expect(asked[0]?.chars).toBeLessThan(200)
  })
  it('leave changes as they are', async () => {
    expect(await client().change.mutate('x'.repeat(50_000))).toBe(50_000)
  })
})
