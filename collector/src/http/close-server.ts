import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** How long requests in flight may take to end, in milliseconds; well within what supervisors wait before they kill. */
const IN_FLIGHT_MS = 5_000

/**
 * Closes a server without waiting for clients that have asked nothing: Node takes a connection on which no request has come yet, as
 * browsers and pools open them in advance, for a busy one, and would wait for its time-out.
 * @returns what closes it: idle connections at once, those in flight when they are answered, all that is left after 5 s
 */
export function closeGracefully(app: FastifyInstance): () => Promise<void> {
  const open = new Set<Socket>()
  app.server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  return async () => {
    const closed = app.close()
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
    const cut = setTimeout(() => app.server.closeAllConnections(), IN_FLIGHT_MS)
    await closed.finally(() => clearTimeout(cut))
  }
}
