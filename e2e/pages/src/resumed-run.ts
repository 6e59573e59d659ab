import type { Run } from '@cairn/sdk/protocol'
import { callApi } from '../../src/api.ts'
import { waitFor } from '../../src/wait-for.ts'
import { forkWorker } from '../../src/worker.ts'
import type { PagesSystem } from './global-setup.ts'
import { newSpanId } from './spans.ts'

/** A run whose process was killed in its second step, and which another one took to its end. */
export async function makeResumedRun(system: Pick<PagesSystem, 'url' | 'key'>): Promise<Run> {
  const agent = `dying-${newSpanId()}`
  const script = 'e2e/pages/src/dying-worker.ts'
  const { id } = await callApi<Run>(system, 'POST', '/api/v1/runs', { agent })
  const read = () => callApi<Run>(system, 'GET', `/api/v1/runs/${id}`)
  const doomed = await forkWorker(system, script, { AGENT: agent, HANGS: 'yes' })
  try {
    await waitFor('the step that never ends', async () => isOpen(system, (await read()).traceId, 'cross'))
  } finally {
    await doomed.kill()
  }
  await waitFor('the crash', async () => (await read()).status === 'crashed')
  const next = await forkWorker(system, script, { AGENT: agent })
  try {
    await callApi(system, 'POST', `/api/v1/runs/${id}/resume`, {})
    return await waitFor('the end', async () => {
      const run = await read()
      return run.status === 'succeeded' && run
    })
  } finally {
    await next.stop()
  }
}

/** Steps that are told while they run: what is killed now is seen to have been cut off. */
async function isOpen(system: Pick<PagesSystem, 'url' | 'key'>, traceId: string, step: string): Promise<boolean> {
  const { open } = await callApi<{ open: { name: string }[] }>(system, 'GET', `/api/v1/traces/${traceId}/summary`)
  return open.some(({ name }) => name === step)
}
