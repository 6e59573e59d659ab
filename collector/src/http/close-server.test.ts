import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { fastify } from 'fastify'
import { describe, expect, it } from 'vitest'
import { closeGracefully } from './close-server.ts'

async function listening() {
  const app = fastify({ forceCloseConnections: 'idle', keepAliveTimeout: 75_000 })
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>()
  const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<void>()
  app.get('/slow', async () => {
    ask()
    await mayAnswer
    return 'answered'
  })
  app.get('/quick', async () => 'quick')
  const close = closeGracefully(app)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, port, close, asked, answer }
}

describe('a server that closes', () => {
  it('doesn’t wait for a connection on which nothing was asked, nor for one kept alive', async () => {
    const server = await listening()
    const socket = connect(server.port, '127.0.0.1')
    await once(socket, 'connect')
    expect(await (await fetch(`${server.url}/quick`)).text()).toBe('quick')
    const cut = once(socket, 'close')
    await server.close()
    await cut
  })

  it('answers what is in flight', async () => {
    const server = await listening()
    const slow = fetch(`${server.url}/slow`)
    await server.asked
    const closed = server.close()
    server.answer()
    expect(await (await slow).text()).toBe('answered')
    await closed
  })
})
