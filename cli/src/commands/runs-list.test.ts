import { NO_COST, NO_USAGE, type RunSummary } from '@cairn/sdk/protocol'
import { expect, it } from 'vitest'
import { Output, type Terminal } from '../terminal.ts'
import { drawRuns } from './runs-list.ts'

const ID = '01a21231-646d-72f8-bb6b-a7861883cda7'
const run = {
  id: ID,
  agent: 'support-triage',
  version: '7',
  status: 'failed',
  error: { type: 'RateLimitError', message: '429 Rate limit reached for requests' },
  failedStep: 'draft-reply',
  steps: { done: 2, total: 4 },
  usage: NO_USAGE,
  cost: { ...NO_COST, total: '0.0042', priced: true },
  createdAt: '2026-01-01T12:00:00Z',
  startedAt: '2026-01-01T12:00:00Z',
  endedAt: '2026-01-01T12:00:01Z',
} as unknown as RunSummary

function draw(env: Record<string, string>): string[] {
  const terminal = { stdout: {}, stderr: {}, env, now: () => Date.parse('2026-01-01T13:00:00Z') } as unknown as Terminal
  return drawRuns([run], new Output(terminal, false))
}

it('keeps what a run is before why it failed, with a short id, where there is little room', () => {
  const [heading = '', line = ''] = draw({ COLUMNS: '80' })
  expect(heading).toMatch(/^RUN +STATUS +AGENT +STARTED +TOOK +STEPS +COST +WHY$/)
  expect(line).toMatch(/^1883cda7 {2}failed {2}support-t.* 1\.00 s +2\/4 +\$0\.0042 {2}RateLimit/)
  const [narrow = ''] = draw({ COLUMNS: '60' })
  expect(narrow).toMatch(/^RUN +STATUS +AGENT +STARTED +TOOK( +STEPS)? +COST$/)
})

it('has whole ids where they have room, and where nobody says how wide it is', () => {
  expect(draw({ COLUMNS: '160' })[1]).toContain(`${ID}  failed`)
  expect(draw({})[1]).toContain(`${ID}  failed`)
})
