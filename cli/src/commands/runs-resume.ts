import { BulkResume, ResumePreview, Run } from '@cairn/sdk/protocol'
import type { Command } from 'commander'
import { z } from 'zod'
import { pause } from '../api/events.ts'
import { type CommandContext, contextOf } from '../context.ts'
import { CliError, usageError } from '../errors.ts'
import { addFilterOptions, type FilterOptions, parseJson, parsePositive, runRefOf, toRunFilter } from '../options.ts'
import type { Terminal } from '../terminal.ts'
import { escapeLine } from '../text/escape.ts'
import { formatUsd, plural } from '../text/format.ts'
import { actorOf } from './actor.ts'
import { type Decision, decideSteps, readDecisions } from './decisions.ts'
import { followToEnd } from './follow.ts'

interface ResumeOptions extends FilterOptions {
  readonly yes?: boolean
  readonly follow?: boolean
  readonly input?: string
  readonly inVersion?: string
  readonly retry?: string[]
  readonly output?: string[]
  readonly reason?: string
  readonly perSecond: number
}

const collect = (value: string, all: string[] = []) => [...all, value]

export function addRunsResume(runs: Command, terminal: Terminal): void {
  const resume = runs
    .command('resume')
    .description('go on from the last checkpoint: one run, or all of a filter at so many a second')
    .argument('[run]', 'run id; left out: the runs of the filter', runRefOf)
    .option('-y, --yes', 'do not ask')
    .option('-f, --follow', 'show progress until the end')
    .option('--reason <text>', 'why, for the log')
    .option('--retry <step>', 'run this step again; several times for several', collect)
    .option('--output <step=json>', 'take this as the output of a step, instead of running it', collect)
    .option('--input <json>', 'another input')
    .option('--in-version <version>', "in this version of the agent's code")
    .option('--per-second <n>', 'many: at most so many a second', parsePositive, 10)
  addFilterOptions(resume).action(async (id: string | undefined, options: ResumeOptions, command: Command) => {
    const context = contextOf(terminal, command)
    const filter = toRunFilter(options, context.out.now)
    const filtered = Object.values(filter).some((value) => value !== undefined)
    if (id === undefined) {
      if (!filtered)
        throw usageError(
          'Name a run, or a filter for many.',
          'cairn runs resume RUN, or cairn runs resume --status crashed --agent research',
        )
      if (options.retry ?? options.output ?? options.input ?? options.inVersion)
        throw usageError('--retry, --output, --input and --in-version go with one run.', 'Name the run, or leave them out.')
      return resumeMany(context, filter, options)
    }
    if (filtered) throw usageError('A run and a filter together make no sense.', 'Name the run only, or leave it out.')
    return resumeOne(context, id, options)
  })
}

async function resumeOne(context: CommandContext, id: string, options: ResumeOptions): Promise<void> {
  const { api, out } = context
  const given = readDecisions(options.retry ?? [], options.output ?? [])
  const input = options.input === undefined ? undefined : parseJson(options.input, '--input')
  const { value: preview } = await api.get(`/api/v1/runs/${id}/resume-preview`, ResumePreview)
  if (!preview.resumable)
    throw new CliError('failure', preview.reason ?? 'The run is not resumable.', {
      remedy: `cairn runs show ${id}`,
      answer: { code: 'not_resumable' },
    })
  if (!out.json) writePreview(context, preview, given)
  const decided = await decideSteps(out, preview, given)
  if (out.canAsk && !options.yes && !(await isYes(context, 'Resume it?'))) return out.note('Nothing was done.')
  const answer = await api.post(`/api/v1/runs/${id}/resume`, Run, {
    actor: actorOf(),
    ...(options.reason === undefined ? {} : { reason: options.reason }),
    ...(decided.length === 0 ? {} : { overrides: decided }),
    ...(input === undefined ? {} : { input }),
    ...(options.inVersion === undefined ? {} : { version: options.inVersion }),
  })
  if (options.follow) return followToEnd(context, id, { afterExecution: preview.fromExecution })
  if (out.json) return out.document(answer.raw)
  out.line(`Resumed: ${answer.value.status}. Follow it: cairn tail ${id}`)
}

function writePreview({ out }: CommandContext, preview: ResumePreview, given: readonly Decision[]): void {
  const names = (steps: readonly { key: string }[]) => {
    const shown = steps.slice(0, 5).map(({ key }) => escapeLine(key.slice(0, 60)))
    return `${shown.join(', ')}${steps.length > 5 ? ` and ${steps.length - 5} more` : ''}`
  }
  const write = (line: string) => out.terminal.stderr.write(`${line}\n`)
  write(`From checkpoints  ${plural(preview.replays.length, 'step')}${preview.replays.length > 0 ? `: ${names(preview.replays)}` : ''}`)
  if (preview.reruns.length > 0) write(`Runs again        ${names(preview.reruns)}`)
  if (given.length > 0) write(`As you say        ${names(given.map(({ step }) => ({ key: step })))}`)
  write(`Saves             ${formatUsd(preview.saves)}`)
  write(`Version           ${preview.version === null ? 'any' : escapeLine(preview.version)}`)
  if (preview.liveWorkers === 0) write(out.errorStyle('yellow', 'No live worker serves it: the run waits until one starts.'))
}

async function isYes({ out }: CommandContext, question: string): Promise<boolean> {
  return /^(y|yes)$/i.test(await out.ask(`${question} [y/N] `))
}

const Counts = z.object({ byStatus: z.record(z.string(), z.number()) })
const Started = BulkResume.pick({ id: true, matched: true })
const LOOK_MS = 500

async function resumeMany(context: CommandContext, filter: ReturnType<typeof toRunFilter>, options: ResumeOptions): Promise<void> {
  const { api, out } = context
  if (!options.yes) {
    const { value } = await api.get('/api/v1/runs/counts', Counts, filter)
    const matched = ['failed', 'crashed', 'paused', 'cancelled'].reduce((sum, status) => sum + (value.byStatus[status] ?? 0), 0)
    if (!out.canAsk) throw usageError(`This would resume ${plural(matched, 'run')}.`, 'Say --yes to do it; here nobody can be asked.')
    if (matched === 0) return out.note('No resumable run matches.')
    if (!(await isYes(context, `Resume ${plural(matched, 'run')}, at most ${options.perSecond} a second?`)))
      return out.note('Nothing was done.')
  }
  const body = {
    ...Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)),
    perSecond: options.perSecond,
    actor: actorOf(),
    ...(options.reason === undefined ? {} : { reason: options.reason }),
  }
  const { id, matched } = (await api.post('/api/v1/runs/resume', Started, body)).value
  let answer = await api.get(`/api/v1/runs/resume/${id}`, BulkResume)
  while (options.follow && answer.value.endedAt === null) {
    await pause(LOOK_MS, out.terminal.signal)
    if (out.terminal.signal.aborted) {
      out.note(`It goes on without you. Leave the rest alone: curl -X DELETE …/api/v1/runs/resume/${id}`)
      throw new CliError('interrupted', 'Interrupted.')
    }
    answer = await api.get(`/api/v1/runs/resume/${id}`, BulkResume)
    const { resumed, skipped, failed } = answer.value
    if (out.json) out.record(answer.raw)
    else out.note(`${resumed + skipped + failed} of ${matched}: ${resumed} resumed, ${skipped} skipped, ${failed} failed`)
  }
  if (out.json && !options.follow) out.document(answer.raw)
  else if (!out.json)
    out.line(`${plural(matched, 'run')} matched, ${answer.value.resumed} resumed${answer.value.endedAt === null ? ' so far' : ''}.`)
  for (const { runId, message } of answer.value.errors) out.note(`${runId}: ${escapeLine(message.slice(0, 500))}`)
  if (answer.value.failed > 0) throw new CliError('failure', `${plural(answer.value.failed, 'run')} could not be resumed.`)
}
