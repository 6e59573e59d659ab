import type { LogLine, RunEvent } from '@cairn/sdk/protocol'
import { expect, test } from 'vitest'
import { withLines } from './log-model'

const event = (id: number, at: string) => ({ id, at, type: 'step' }) as unknown as RunEvent
const line = (message: string, at: string) => ({ message, at }) as unknown as LogLine

test('lines of the log stand where they were written, and events keep their order', () => {
  const events = [event(1, '2026-01-01T00:00:01Z'), event(2, '2026-01-01T00:00:03Z'), event(3, '2026-01-01T00:00:02.5Z')]
  const lines = [
    line('first', '2026-01-01T00:00:00.5Z'),
    line('second', '2026-01-01T00:00:02.123456789Z'),
    line('last', '2026-01-01T00:00:09Z'),
  ]
  const entries = withLines(events, lines).map((entry) => (entry.type === 'log' ? entry.message : entry.id))
  expect(entries).toEqual(['first', 1, 'second', 2, 3, 'last'])
  expect(withLines([], lines)).toHaveLength(3)
  expect(withLines(events, [])).toEqual(events)
})
