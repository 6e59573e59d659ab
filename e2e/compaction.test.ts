import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Run } from '@cairn/sdk/protocol'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { World } from './chaos/world.ts'
import { callApi } from './src/api.ts'
import { FaultProxy, type Passing } from './src/fault-proxy.ts'
import { waitFor } from './src/wait-for.ts'
import { forkWorker, type WorkerProcess } from './src/worker.ts'

let world: World
const folder = mkdtempSync(join(tmpdir(), 'cairn-test-compaction-'))
beforeAll(async () => {
  world = await World.start({ workers: 0, ledgerUrl: 'http://127.0.0.1:1' })
})
afterAll(async () => {
  await world?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const workers: WorkerProcess[] = []
const proxies: FaultProxy[] = []
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.kill()
  for (const proxy of proxies.splice(0)) proxy.stop()
})

async function serve(url: string, ledger: string): Promise<WorkerProcess> {
  const worker = await forkWorker({ url, key: world.key }, 'e2e/src/chat-worker.ts', {
    LEDGER: ledger,
    CAIRN_JOURNAL_DIR: world.journalDir,
  })
  workers.push(worker)
  return worker
}

const isCheckpoint = ({ path, text }: Passing): boolean => path === '/api/v1/checkpoints' && text.includes('"session.context/')

it.each([
  ['after the summary is at the session and before its checkpoint is out', 'up', []],
  ['after the checkpoint’s commit and before the answer', 'down', [1]],
] as const)('killed %s: nothing is summarised twice', async (_when, direction, executions) => {
  const ledger = join(folder, randomUUID())
  const sessionId = randomUUID()
  const messages = [...'abcde'].map((content) => ({ role: 'user', content }))
  await callApi(world, 'POST', `/api/v1/sessions/${sessionId}/messages`, { messages })
  const proxy = new FaultProxy(world.url)
  proxies.push(proxy)
  const first = await serve(await proxy.start(), ledger)
  const lost = new Promise<void>((resolve) => {
    proxy.fault = (message) => {
      if (message.direction !== direction || !isCheckpoint(message)) return 'pass'
      resolve()
      return 'lose'
    }
  })
  const { id, traceId } = await callApi<Run>(world, 'POST', '/api/v1/runs', { agent: 'chat', sessionId })
  await lost
  await Promise.all([first.kill(), serve(world.url, ledger)])
  const getRun = () => callApi<Run>(world, 'GET', `/api/v1/runs/${id}`)
  await waitFor('the end', async () => (await getRun()).status === 'succeeded', { timeoutMs: 60_000 })
  expect(await getRun()).toMatchObject({ traceId, execution: 2, output: ['a,b,c', 'd', 'e'] })
  expect(readFileSync(ledger, 'utf8')).toBe('a,b,c\n')
  const { items } = await callApi<{ items: { execution: number }[] }>(world, 'GET', `/api/v1/runs/${id}/steps`)
  expect(items.map(({ execution }) => execution)).toEqual(executions)
})
