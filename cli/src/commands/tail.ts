import { Run, RunPage, type RunSummary } from '@cairn/sdk/protocol'
import type { Command } from 'commander'
import { followRun, pause } from '../api/events.ts'
import { type CommandContext, contextOf } from '../context.ts'
import { CliError } from '../errors.ts'
import { parseCount, runRefOf } from '../options.ts'
import type { Terminal } from '../terminal.ts'
import { escapeLine } from '../text/escape.ts'
import { formatTime, plural } from '../text/format.ts'
import { statusStyle } from '../text/style.ts'
import { cut } from '../text/width.ts'
import { writeEvent } from './follow.ts'
import { changedRuns, vanishedRuns } from './run-changes.ts'

const DEFAULT_PAST = 20
const LOOK_MS = 1_000
const NEWEST = 100
const LIVE = 200
/** Runs that left the lists between two looks and are asked for one by one. */
const MOST_SINGLE = 20

interface TailOptions {
  readonly lines: number
  readonly all?: boolean
}

export function addTail(program: Command, terminal: Terminal): void {
  program
    .command('tail')
    .description('what a run does, live; without a run: new runs and changes of status')
    .argument('[run]', 'run id', runRefOf)
    .option('-n, --lines <n>', 'with a run: so many past events first', parseCount, DEFAULT_PAST)
    .option('--all', 'with a run: all past events first')
    .action(async (id: string | undefined, options: TailOptions, command: Command) => {
      const context = contextOf(terminal, command)
      if (id === undefined) await tailProject(context)
      else await tailRun(context, id, options)
      if (terminal.signal.aborted) throw new CliError('interrupted', 'Stopped.')
    })
}

async function tailRun({ api, out }: CommandContext, id: string, { lines, all }: TailOptions): Promise<void> {
  await api.get(`/api/v1/runs/${id}`, Run.pick({ id: true }))
  const { signal } = out.terminal
  const onReconnect = (problem: string) => out.note(`${escapeLine(problem)} Trying again …`)
  let after = 0
  if (!all) {
    const past = []
    let skipped = 0
    for await (const event of followRun(api, id, { signal, follow: false, onReconnect })) {
      after = event.id
      past.push(event)
      if (past.length > lines) {
        past.shift()
        skipped++
      }
    }
    if (skipped > 0) out.note(`${plural(skipped, 'earlier event')} left out: --all shows them`)
    for (const event of past) writeEvent(event, out)
  }
  for await (const event of followRun(api, id, { signal, after, onReconnect })) writeEvent(event, out)
}

async function tailProject({ api, out }: CommandContext): Promise<void> {
  const { signal } = out.terminal
  const known = new Map<string, RunSummary>()
  let first = true
  while (!signal.aborted) {
    try {
      // One after the other: a run in both lists is as the later one has it.
      const live = await api.get('/api/v1/runs', RunPage, { limit: LIVE, status: ['queued', 'running', 'waiting', 'paused'] })
      const newest = await api.get('/api/v1/runs', RunPage, { limit: NEWEST })
      const seen = [...live.value.items, ...newest.value.items]
      const gone = first ? [] : vanishedRuns(known, seen).slice(0, MOST_SINGLE)
      const singles = await Promise.all(gone.map((id) => api.get(`/api/v1/runs/${id}`, Run).then(({ value }) => value, forget(known, id))))
      const changes = changedRuns(known, [...seen, ...singles.filter((run) => run !== undefined)])
      if (first) out.note(`Watching ${plural(live.value.items.length, 'live run')}; Ctrl-C ends it.`)
      else for (const run of changes) writeChange(run, out)
      first = false
    } catch (error) {
      if (!(error instanceof CliError) || (error.code !== 'unreachable' && error.answer?.code !== 'unavailable') || first) throw error
      out.note(`${escapeLine(error.message)} Trying again …`)
    }
    await pause(LOOK_MS, signal)
  }
}

/** A run that was deleted is none to watch. */
const forget =
  (known: Map<string, RunSummary>, id: string) =>
  (error: unknown): undefined => {
    if (!(error instanceof CliError) || error.code !== 'not_found') throw error
    known.delete(id)
  }

function writeChange(run: RunSummary, out: CommandContext['out']): void {
  if (out.json) {
    out.record({ type: 'run', ...run })
    return
  }
  const at = formatTime(run.endedAt ?? run.startedAt ?? run.createdAt, out.now)
  const why =
    run.error === null
      ? ''
      : `  ${run.error.type}${run.failedStep === null ? '' : ` in ${run.failedStep.slice(0, 60)}`}: ${run.error.message}`
  const status = out.style(statusStyle(run.status), run.status.padEnd(9))
  out.line(`${at}  ${status}  ${run.id}  ${cut(escapeLine(`${run.agent}${why}`.slice(0, 2_000)), Math.max(10, out.columns - 68))}`)
}
