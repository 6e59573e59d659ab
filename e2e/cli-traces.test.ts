import { randomBytes } from 'node:crypto'
import type { Run } from '@cairn/sdk/protocol'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callApi } from './src/api.ts'
import { CAIRN, runCli } from './src/cli.ts'
import { type System, startSystem } from './src/system.ts'
import { waitFor } from './src/wait-for.ts'

let system: System
/** Of a program that only sends OpenTelemetry: it belongs to no run. */
const traceId = randomBytes(16).toString('hex')
const [root, tool, chat] = [0, 1, 2].map(() => randomBytes(8).toString('hex')) as [string, string, string]
const LONG = 'Be brief.\n'.repeat(500)
const MESSAGES = [
  { role: 'system', parts: [{ type: 'text', content: LONG }] },
  { role: 'user', parts: [{ type: 'text', content: 'Where is order 7?\nIt is "late".' }] },
]

beforeAll(async () => {
  system = await startSystem()
  const nowNs = BigInt(Date.now()) * 1_000_000n
  const attributes = (pairs: Record<string, string>) => Object.entries(pairs).map(([key, stringValue]) => ({ key, value: { stringValue } }))
  const span = (spanId: string, parentSpanId: string, name: string, more: object) => ({
    ...{ traceId, spanId, parentSpanId, name, startTimeUnixNano: String(nowNs - 2_000_000_000n), endTimeUnixNano: String(nowNs), ...more },
  })
  const asked = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o', 'gen_ai.input.messages': JSON.stringify(MESSAGES) }
  const spans = [
    span(root, '', 'GET /ask', { status: { code: 2, message: 'HTTP 500' } }),
    span(chat, root, 'chat', { attributes: attributes(asked), endTimeUnixNano: String(nowNs - 1_000_000_000n) }),
    span(tool, root, 'lookup', { status: { code: 2, message: 'connect ECONNREFUSED' } }),
  ]
  const resource = { attributes: attributes({ 'service.name': 'shop' }) }
  await callApi(system, 'POST', '/v1/traces', { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] })
})
afterAll(() => system?.stop())

const cairn = (...args: string[]) => runCli(system, args)

describe('a trace that belongs to no run', () => {
  it('is found from its group of failures, and drawn', async () => {
    const listed = await waitFor('the group', async () => {
      const answer = await cairn('failures', 'list')
      return answer.stdout.includes('ECONNREFUSED') && answer
    })
    expect(listed.stderr).toContain('cairn failures show GROUP')
    // It has none: the list of runs would be empty.
    expect(listed.stderr).not.toContain('runs list --failure')
    const [group = ''] = /^[0-9a-f]{16}/m.exec(listed.stdout) ?? []
    expect((await cairn('failures', 'show', group)).stdout).toContain(`cairn runs show ${traceId} --span ${tool}`)
    const { stdout, code } = await cairn('runs', 'show', traceId)
    expect(code).toBe(0)
    expect(stdout).toMatch(/GET \/ask {2}failed\n.*of no run/)
    expect(stdout).toMatch(/✗ lookup.*█/)
    expect(stdout.indexOf('ECONNREFUSED')).toBeLessThan(stdout.indexOf('HTTP 500'))
    expect(JSON.parse((await cairn('runs', 'show', traceId, '--json')).stdout)).toMatchObject({ run: null, trace: { traceId } })
    const shown = (await cairn('runs', 'show', traceId, '--span', 'chat')).stdout
    expect(shown).toContain('user:\n  Where is order 7?\n  It is "late".')
    expect(shown).toContain('3,000 more characters: --full shows them')
    expect((await cairn('runs', 'show', traceId, '--span', chat, '--full')).stdout.match(/Be brief\./g)).toHaveLength(500)
    expect((await cairn('runs', 'show', traceId, '--steps')).code).toBe(2)
    expect((await cairn('runs', 'show', '0'.repeat(32))).code).toBe(3)
    expect((await cairn('runs', 'cancel', traceId)).stderr).toContain(`cairn runs show ${traceId}`)
  })

  it('is read by a coding agent', async () => {
    const client = new Client({ name: 'e2e', version: '1' })
    const env = { PATH: process.env.PATH ?? '', CAIRN_URL: system.url, CAIRN_API_KEY: system.key }
    await client.connect(new StdioClientTransport({ command: CAIRN, args: ['mcp', '--read-only'], env, stderr: 'pipe' }))
    // biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the tool sent; the test says what it must be
    const call = async (name: string, args: Record<string, unknown>): Promise<any> =>
      (await client.callTool({ name, arguments: args })).structuredContent
    const [failure] = (await call('list_failures', {})).failures
    expect(failure).toMatchObject({ runs: 0, tracesOfNoRun: 1 })
    const [example] = (await call('get_failure', { group: failure.group })).examples
    expect(example).toMatchObject({ runId: null, traceId, spanId: tool })
    const read = await call('get_run', { runId: traceId })
    expect(read.errors.map((error: { spanId: string }) => error.spanId)).toEqual([tool, root])
    expect(read).toMatchObject({ spans: 3, run: { service: 'shop', status: 'error' } })
    expect((await call('get_span', { runId: traceId, span: tool, part: 'error' })).text).toContain('ECONNREFUSED')
    await client.close()
  })
})

describe('a run', () => {
  it('is named by the end of its id, as the pages shorten it', async () => {
    const run = await callApi<Run>(system, 'POST', '/api/v1/runs', { agent: 'nobody' })
    expect((await cairn('runs', 'show', run.id.slice(-6))).stdout).toContain(run.id)
    expect((await cairn('runs', 'show', run.id.slice(-4))).stderr).toContain('first or last 5 characters')
    expect((await cairn('runs', 'show', '00000')).code).toBe(3)
    await callApi<Run>(system, 'POST', '/api/v1/runs', { agent: 'nobody' })
    const several = await cairn('runs', 'cancel', run.id.slice(0, 6))
    expect([several.code, several.stderr]).toEqual([2, expect.stringContaining(run.id)])
    expect((await cairn('runs', 'cancel', run.id.slice(-8))).code).toBe(0)
  })
})
