import { randomBytes } from 'node:crypto'
import type { FailureGroup, FailurePage } from '@cairn/sdk/protocol'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import { type RunCollector, startRunCollector } from '../testing/run-collector.fixture.ts'

export interface PlainSpan {
  readonly name: string
  readonly parent?: PlainSpan
  readonly error?: string
  readonly id?: string
}

export const hex = (bytes: number) => randomBytes(bytes).toString('hex')

/** Call it once at the top of a test file: a collector of its own, and what fails in it. */
export function useFailures() {
  let started: RunCollector | undefined
  beforeAll(async () => {
    started = await startRunCollector()
  })
  afterAll(() => started?.stop())
  const collector = () => {
    if (started === undefined) throw new Error('the collector is for use inside tests')
    return started
  }

  const list = async (query = '', key?: string): Promise<FailurePage> =>
    (await collector().ask('GET', `/api/v1/failures${query}`, undefined, key === undefined ? {} : { key })).body
  const show = async (group: string): Promise<FailureGroup> => (await collector().ask('GET', `/api/v1/failures/${group}`)).body
  const decide = (group: string, body: object) => collector().ask('PUT', `/api/v1/failures/${group}`, body)

  /** A run of an agent that fails with a message in a step; waits until its group has so many failures. */
  async function fail(
    agent: string,
    more: { message?: string; version?: string; step?: string; userId?: string; tags?: string[] } = {},
  ): Promise<string> {
    const { message = 'boom 17', step = 'two', version = '1', ...run } = more
    const { id } = await collector().create({ agent, ...run })
    const agents = [{ name: agent, versions: [version], recovery: { mode: 'manual', backoffMs: 0 } }]
    await collector().ask('POST', '/api/v1/claims', { workerId: `of-${id}`, agents, limit: 1, waitMs: 0 })
    await collector().finish(id, 1, { status: 'failed', error: { type: 'BoomError', message }, failedStep: step })
    return id
  }
  const seen = (agent: string, count: number): Promise<FailurePage['items']> =>
    vi.waitFor(
      async () => {
        const { items } = await list(`?agent=${agent}`)
        expect(items.reduce((sum, item) => sum + item.count, 0)).toBe(count)
        return items
      },
      { timeout: 30_000, interval: 300 },
    )

  async function sendTrace(service: string, spans: readonly PlainSpan[]): Promise<string> {
    const traceId = hex(16)
    const ids = new Map(spans.map((span) => [span, hex(8)]))
    const nowNs = BigInt(Date.now()) * 1_000_000n
    const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } })
    await collector().ask('POST', '/v1/traces', {
      resourceSpans: [
        {
          resource: { attributes: [attribute('service.name', service)] },
          scopeSpans: [
            {
              spans: spans.map((span, at) => ({
                traceId,
                spanId: ids.get(span),
                parentSpanId: span.parent === undefined ? '' : ids.get(span.parent),
                name: span.name,
                kind: 1,
                startTimeUnixNano: String(nowNs - 1_000_000_000n + BigInt(at)),
                endTimeUnixNano: String(nowNs - BigInt(at) * 1_000_000n),
                status: span.error === undefined ? {} : { code: 2, message: span.error },
              })),
            },
          ],
        },
      ],
    })
    return traceId
  }

  return { collector, list, show, decide, fail, seen, sendTrace }
}
