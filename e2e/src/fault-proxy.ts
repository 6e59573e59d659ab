import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'

/** One message between a worker and its collector: a request, an answer, or a frame of a socket. */
export interface Passing {
  readonly path: string
  /** `up`: to the collector. */
  readonly direction: 'up' | 'down'
  readonly text: string
}

/** What becomes of a message: it passes, or it is lost, and the connection with it. */
export type Fault = (message: Passing) => 'pass' | 'lose'

/** Stands between a worker and its collector, sees every message, and loses those that a test wants lost. */
export class FaultProxy {
  fault: Fault = () => 'pass'
  readonly seen: Passing[] = []
  readonly #target: URL
  readonly #server = createServer((incoming, response) => void this.#relay(incoming, response))
  readonly #sockets = new WebSocketServer({ noServer: true })

  constructor(target: string) {
    this.#target = new URL(target)
    this.#server.on('upgrade', (incoming, socket, head) =>
      this.#sockets.handleUpgrade(incoming, socket, head, (client) => this.#join(client, incoming)),
    )
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  stop(): void {
    for (const client of this.#sockets.clients) client.terminate()
    this.#server.close()
    this.#server.closeAllConnections()
  }

  #judge(message: Passing): 'pass' | 'lose' {
    this.seen.push(message)
    return this.fault(message)
  }

  async #relay(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = incoming.url ?? '/'
    const body = await read(incoming)
    if (this.#judge({ path, direction: 'up', text: body.toString() }) === 'lose') return void incoming.socket.destroy()
    const { hostname, port } = this.#target
    const onward = request({ hostname, port, method: incoming.method, path, headers: incoming.headers }, async (answer) => {
      const text = await read(answer)
      if (this.#judge({ path, direction: 'down', text: text.toString() }) === 'lose') return void incoming.socket.destroy()
      response.writeHead(answer.statusCode ?? 502, answer.headers).end(text)
    })
    onward.on('error', () => incoming.socket.destroy())
    response.on('close', () => onward.destroy())
    onward.end(body)
  }

  #join(client: WebSocket, incoming: IncomingMessage): void {
    const path = incoming.url ?? '/'
    const { authorization = '' } = incoming.headers
    const onward = new WebSocket(new URL(path, this.#target.href.replace('http', 'ws')), { headers: { authorization } })
    const waiting: string[] = []
    const end = (code?: number): void => {
      onward.terminate()
      if (code !== undefined && code >= 3_000) client.close(code)
      else client.terminate()
    }
    client.on('message', (data) => {
      const text = String(data)
      if (this.#judge({ path, direction: 'up', text }) === 'lose') return end()
      if (onward.readyState === WebSocket.OPEN) onward.send(text)
      else waiting.push(text)
    })
    onward.on('open', () => {
      for (const text of waiting.splice(0)) onward.send(text)
    })
    onward.on('message', (data) => {
      const text = String(data)
      if (this.#judge({ path, direction: 'down', text }) === 'lose') return end()
      client.send(text)
    })
    client.on('close', () => end())
    onward.on('close', (code) => end(code))
    for (const socket of [client, onward]) socket.on('error', () => {})
  }
}

async function read(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}
