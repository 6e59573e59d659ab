import type { WorkerRow } from '@cairn/prisma'
import { expect, it } from 'vitest'
import { servedBy, sumWorkers, versionText } from './worker-model.ts'

const worker = (more: Partial<WorkerRow>): WorkerRow => ({
  id: 'w',
  agents: [{ name: 'research', versions: ['3', '4'] }],
  capacity: 10,
  hostname: 'vm',
  pid: 1,
  sdkVersion: '1',
  startedAt: '2026-11-20T00:00:00Z',
  lastSeenAt: '2026-11-20T00:00:00Z',
  endedAt: null,
  endReason: null,
  runsHeld: 2,
  heldRuns: [],
  runsCrashed: 0,
  lastCrash: null,
  ...more,
})

it('sums live workers that serve; the newest crash of any counts', () => {
  const crash = (at: string) => ({ runId: at, agent: 'research', at })
  const sums = sumWorkers([
    worker({}),
    worker({ agents: [], capacity: 1_000, runsHeld: 1 }),
    worker({ endedAt: '2026-11-20T01:00:00Z', lastCrash: crash('2026-11-20T01:00:00Z') }),
    worker({ endedAt: '2026-11-20T02:00:00Z', lastCrash: crash('2026-11-20T02:00:00Z') }),
  ])
  expect(sums).toMatchObject({ alive: 2, held: 2, capacity: 10, served: 1, agents: ['research'], lastCrash: crash('2026-11-20T02:00:00Z') })
})

it('takes what a worker says as far as it makes sense', () => {
  expect(servedBy({ agents: 'nonsense' })).toEqual([])
  expect(servedBy({ agents: [null, 3, { name: 5 }, { name: 'a' }] })).toEqual([{ name: 'a', versions: [] }])
  expect(servedBy(worker({})).map(versionText)).toEqual(['v3, v4'])
})
