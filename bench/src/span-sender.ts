import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { makeRequest, type RequestTemplate, renew } from './otlp-request.ts'

// A process of its own: what a sender costs must not count as the collector's, nor slow its event loop.

/** How a sender sends. */
export interface SendOrder {
  readonly url: string
  readonly apiKey: string
  readonly connections: number
  readonly spanBytes: number
  readonly spansARequest: number
  readonly seconds: number
  /** Spans a second; undefined: as fast as answers come. */
  readonly perSecond: number | undefined
}

export interface Sent {
  readonly acknowledged: number
  readonly refused: number
  readonly elapsedMs: number
  /** Of each answer, from when its request was due. */
  readonly latenciesMs: number[]
}

/** So many different requests, sent in turn with new ids: more text than a compressor's window. */
const TEMPLATE_BYTES = 16 * 2 ** 20

async function send(order: SendOrder): Promise<Sent> {
  const agent = new Agent({ keepAlive: true, maxSockets: order.connections })
  const count = Math.max(order.connections * 2, Math.ceil(TEMPLATE_BYTES / (order.spanBytes * order.spansARequest)))
  // Taken from the front and put back behind: none is renewed while it is still being sent.
  const templates = Array.from({ length: count }, () => makeRequest(order.spansARequest, order.spanBytes))
  process.send?.({ type: 'begun' })
  const startedAt = performance.now()
  const endsAt = startedAt + order.seconds * 1_000
  const latenciesMs: number[] = []
  let acknowledged = 0
  let refused = 0
  let next = 0
  const everyMs = order.perSecond === undefined ? 0 : (order.spansARequest / order.perSecond) * 1_000
  const lane = async (): Promise<void> => {
    while (performance.now() < endsAt) {
      const number = next++
      const dueAt = startedAt + number * everyMs
      if (everyMs > 0 && dueAt > performance.now()) await delay(dueAt - performance.now())
      const sentAt = everyMs > 0 ? dueAt : performance.now()
      const template = templates.shift()
      if (template === undefined) return
      renew(template)
      const status = await post(order, agent, template)
      templates.push(template)
      if (status === 200) {
        acknowledged += template.spans
        latenciesMs.push(performance.now() - sentAt)
      } else {
        refused += template.spans
        await delay(50)
      }
    }
  }
  await Promise.all(Array.from({ length: order.connections }, lane))
  agent.destroy()
  return { acknowledged, refused, elapsedMs: performance.now() - startedAt, latenciesMs }
}

function post({ url, apiKey }: SendOrder, agent: Agent, { body }: RequestTemplate): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/x-protobuf', 'content-length': body.length }
    const outgoing = request(`${url}/v1/traces`, { method: 'POST', agent, headers }, (answer) => {
      answer.resume()
      answer.once('end', () => resolve(answer.statusCode ?? 0))
    })
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}

process.on('message', (order: SendOrder) => void send(order).then((sent) => process.send?.({ type: 'sent', sent })))
process.once('disconnect', () => process.exit(0))
