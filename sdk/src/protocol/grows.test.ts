import { expect, test } from 'vitest'
import { Run } from './run.ts'
import { WorkerInfo } from './worker.ts'

test('what a collector of before says of a worker is read', () => {
  const before = {
    ...{ id: 'w1', agents: [], capacity: 1, hostname: 'h', pid: 1, sdkVersion: '0.1.0', runsHeld: 0, endedAt: null, endReason: null },
    ...{ startedAt: '2026-11-20T08:00:00.000Z', lastSeenAt: '2026-11-20T08:00:00.000Z' },
  }
  expect(WorkerInfo.parse(before)).toMatchObject({ heldRuns: [], runsCrashed: 0, lastCrash: null })
})

test('what a run lost is decimal text, as every SDK reads it, and may be said to be unknown besides', () => {
  expect(Run.shape.lost.safeParse(null).success).toBe(false)
  expect(Run.shape.lostUnpriced.parse(undefined)).toBe(false)
})
