import type { Run } from '@cairn/sdk/protocol'
import { expect, it } from 'vitest'
import { workedMs } from './run-model'

it('a run was worked on for as long as its executions took, without the time between them', () => {
  const at = (startedAt: string, endedAt: string | null) => ({ startedAt, endedAt }) as Run['executions'][number]
  const executions = [at('2026-01-01T00:00:00Z', '2026-01-01T00:00:02Z'), at('2026-01-01T05:00:00Z', null)]
  expect(workedMs({ executions }, Date.parse('2026-01-01T05:00:01.500Z'))).toBe(3_500)
  // The clock of the page is behind.
  expect(workedMs({ executions }, Date.parse('2026-01-01T04:00:00Z'))).toBe(2_000)
})
