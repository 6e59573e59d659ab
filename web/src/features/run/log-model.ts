import type { LogLine, RunEvent } from '@cairn/sdk/protocol'

export type LogEntry = RunEvent | ({ readonly type: 'log' } & LogLine)

/** Events stay in their order; each line stands before the first event that came later. */
export function withLines(events: readonly RunEvent[], lines: readonly LogLine[]): LogEntry[] {
  const entries: LogEntry[] = []
  let next = 0
  const pushUntil = (ms: number) => {
    for (let line = lines[next]; line !== undefined && Date.parse(line.at) < ms; line = lines[++next])
      entries.push({ type: 'log', ...line })
  }
  for (const event of events) {
    pushUntil(Date.parse(event.at))
    entries.push(event)
  }
  pushUntil(Number.POSITIVE_INFINITY)
  return entries
}
