import { Run, type RunEvent } from '@cairn/sdk/protocol'
import { followRun, pause } from '../api/events.ts'
import type { CommandContext } from '../context.ts'
import { CliError } from '../errors.ts'
import type { Output } from '../terminal.ts'
import { escapeLine } from '../text/escape.ts'
import { formatTime } from '../text/format.ts'
import { statusStyle } from '../text/style.ts'
import { cut } from '../text/width.ts'
import { previewOf } from './steps.ts'

/** A crashed run may be taken over by another worker; after this long without news it waits for a person. */
const TAKEOVER_MS = 5_000

/** Shows what happens until the run ends or waits for a person; throws unless it succeeded. */
export async function followToEnd({ api, out }: CommandContext, id: string, { afterExecution }: { afterExecution: number }): Promise<void> {
  const quiet = new AbortController()
  const signal = AbortSignal.any([out.terminal.signal, quiet.signal])
  let news = 0
  for await (const event of followRun(api, id, { signal, onReconnect: (problem) => out.note(`${escapeLine(problem)} Trying again …`) })) {
    news++
    if (event.execution <= afterExecution) continue
    writeEvent(event, out)
    if (event.type !== 'status') continue
    if (event.status === 'paused') break
    if (event.status === 'crashed') {
      const seen = news
      void pause(TAKEOVER_MS, signal).then(() => seen === news && quiet.abort())
    }
  }
  if (out.terminal.signal.aborted) throw new CliError('interrupted', 'Interrupted; the run goes on.')
  const { value: run } = await api.get(`/api/v1/runs/${id}`, Run)
  if (run.status !== 'succeeded')
    throw new CliError('failure', `The run is ${run.status}${run.error === null ? '' : `: ${run.error.type}: ${run.error.message}`}.`, {
      remedy: `cairn runs show ${id}`,
    })
  if (!out.json) out.line(out.style('green', 'succeeded'))
}

/** One line of a live log; with --json the event itself. */
export function writeEvent(event: RunEvent, out: Output, prefix = ''): void {
  if (out.json) {
    out.record(event)
    return
  }
  out.line(cut(`${formatTime(event.at, out.now)}  ${prefix}`, out.columns) + drawEvent(event, out))
}

function drawEvent(event: RunEvent, { style, columns }: Output): string {
  const room = Math.max(20, columns - 24)
  const execution = event.execution > 1 ? style('dim', `  execution ${event.execution}`) : ''
  const text = (line: string) => cut(escapeLine(line.slice(0, 2_000)), room)
  switch (event.type) {
    case 'status': {
      const why = event.error === null ? event.reason : `${event.error.type}: ${event.error.message}`
      const who = event.actor === null ? '' : ` by ${event.actor}`
      return `${style(statusStyle(event.status), event.status)}${style('dim', text(`${who}${why === null ? '' : ` ${why}`}`))}${execution}`
    }
    case 'step': {
      const mark = event.status === 'succeeded' ? '◆' : event.status === 'started' ? '▶' : '✗'
      return `${style(statusStyle(event.status), `${mark} ${text(event.key)}`)}${event.status === 'succeeded' ? '' : ` ${event.status}`}${execution}`
    }
    case 'emit':
      return `» ${text(`${event.name} ${previewOf(event.data)}`)}`
    case 'signal':
      return `↯ signal ${text(event.name)}`
  }
}
