import type { Run, RunPage } from '@cairn/sdk/protocol'
import { sendTrace } from '../pages/src/spans.ts'
import { callApi } from '../src/api.ts'
import type { System } from '../src/system.ts'
import { waitFor } from '../src/wait-for.ts'

export interface SampleIds {
  readonly crashed: Run
  readonly good: Run
  readonly plainTraceId: string
  readonly failureGroup: string
}

/** What the sample runs leave out: a set of examples, schedules, a program that knows only OpenTelemetry. */
export async function fillSample(system: System): Promise<SampleIds> {
  const newest = async (status: string) => {
    const page = await callApi<RunPage>(system, 'GET', `/api/v1/runs?agent=research&status=${status}&limit=3`)
    const [run] = page.items as unknown as Run[]
    if (run === undefined) throw new Error(`The sample has no ${status} run of research.`)
    return run
  }
  const [crashed, good] = [await newest('crashed'), await newest('succeeded')]
  await callApi(system, 'POST', '/api/v1/few-shot/research-notes/examples', {
    runId: good.id,
    note: 'Two sources that agree',
    tags: ['short'],
  })
  for (const [name, agent, cron] of [
    ['weekly digest', 'writer', '0 9 * * 1'],
    ['nightly triage', 'support-triage', '30 2 * * *'],
  ] as const)
    await callApi(system, 'PUT', `/api/v1/schedules/${encodeURIComponent(name)}`, { agent, cron, timezone: 'Europe/London', input: {} })
  const plainTraceId = await sendTrace(
    system,
    [
      { name: 'nightly import', spanId: 'a1a1a1a1a1a1a1a1', startMs: 0, endMs: 8_400 },
      { name: 'read rows', parentSpanId: 'a1a1a1a1a1a1a1a1', startMs: 40, endMs: 2_600 },
      {
        name: 'SELECT invoices',
        parentSpanId: 'a1a1a1a1a1a1a1a1',
        startMs: 60,
        endMs: 2_500,
        attributes: { 'db.system.name': 'postgresql' },
      },
      {
        ...{ name: 'POST /ledger', parentSpanId: 'a1a1a1a1a1a1a1a1', startMs: 2_700, endMs: 8_300 },
        error: { type: 'TimeoutError', message: 'the ledger did not answer within 5000 ms' },
      },
    ],
    { resource: { 'service.name': 'billing' } },
  )
  const { items } = await callApi<{ items: { group: string; agent: string }[] }>(system, 'GET', '/api/v1/failures')
  const group = items.find((item) => item.agent !== '')?.group
  if (group === undefined) throw new Error('The sample has no failure group.')
  return { crashed, good, plainTraceId, failureGroup: group }
}

/** As a user presses Resume; returns when the run has finished. */
export async function resumeCrashed(system: System, { crashed }: SampleIds): Promise<void> {
  await callApi(system, 'POST', `/api/v1/runs/${crashed.id}/resume`, {})
  await waitFor('the resumed run', async () => (await callApi<Run>(system, 'GET', `/api/v1/runs/${crashed.id}`)).status === 'succeeded', {
    timeoutMs: 60_000,
    everyMs: 200,
  })
}
