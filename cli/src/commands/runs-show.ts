import { Run, RunPage, type SpanSummary, Step, TraceOutline } from '@cairn/sdk/protocol'
import type { Command } from 'commander'
import { z } from 'zod'
import type { ApiClient } from '../api/client.ts'
import { contextOf } from '../context.ts'
import { CliError } from '../errors.ts'
import { parseCount, runOrTraceOf, traceIdOf } from '../options.ts'
import type { Output, Terminal } from '../terminal.ts'
import { buildRows } from '../waterfall/build-rows.ts'
import { drawWaterfall } from '../waterfall/draw.ts'
import { selectRows } from '../waterfall/select-rows.ts'
import { drawErrors, drawRunHeader, drawTraceHeader } from './run-header.ts'
import { showSpan } from './span.ts'
import { drawSteps } from './steps.ts'

export const Steps = z.object({ items: z.array(Step) })
const DEFAULT_ROWS = 200

interface ShowOptions {
  readonly span?: string
  readonly steps?: boolean
  readonly maxRows: number
  readonly all?: boolean
  readonly full?: boolean
}

export function addRunsShow(runs: Command, terminal: Terminal): void {
  runs
    .command('show')
    .description('a run: header, then its waterfall over all executions; or a trace, also of no run')
    .argument('<run>', 'id or address of a run or a trace; 5 characters of the end of a run id will do', runOrTraceOf)
    .option('--span <id>', 'input and output of a span, by its id or a step key')
    .option('--full', 'with --span: whole, instead of the first 2,000 characters of each text')
    .option('--steps', 'the checkpoints as a table, instead of the waterfall')
    .option('--max-rows <n>', 'at most so many spans; failures are always among them', parseCount, DEFAULT_ROWS)
    .option('--all', 'every span')
    .action(async (id: string, options: ShowOptions, command: Command) => {
      const { api, out } = contextOf(terminal, command)
      if (options.span !== undefined) return showSpan(api, out, { place: id, span: options.span, full: options.full === true })
      const traceId = traceIdOf(id)
      await (traceId === undefined ? showRun(api, out, id, options) : showTrace(api, out, traceId, options))
    })
}

async function showRun(api: ApiClient, out: Output, id: string, options: ShowOptions): Promise<void> {
  const run = await api.get(`/api/v1/runs/${id}`, Run)
  const [steps, trace] = await Promise.all([
    api.get(`/api/v1/runs/${id}/steps`, Steps),
    options.steps ? undefined : readOutline(api, run.value.traceId),
  ])
  if (out.json)
    return out.document({
      run: run.raw,
      steps: (steps.raw as { items: unknown[] }).items,
      ...(options.steps ? {} : { trace: trace?.raw ?? null }),
    })
  out.line(...drawRunHeader(run.value, out), '')
  if (options.steps) return out.line(...drawSteps(steps.value.items, out))
  if (trace === undefined) return out.line('No span of this run has arrived. `--steps` shows its checkpoints.')
  const checkpoints = new Set(
    steps.value.items.flatMap((step) => (step.status === 'succeeded' && step.spanId !== null ? [step.spanId] : [])),
  )
  drawTrace(trace.value, out, { options, checkpoints, failedStep: run.value.failedStep })
  out.line(...nextSteps(run.value, out))
}

/** A trace by its own id: the run that it is of or, where it belongs to none, its waterfall. */
async function showTrace(api: ApiClient, out: Output, traceId: string, options: ShowOptions): Promise<void> {
  const trace = await readOutline(api, traceId)
  if (trace === undefined)
    throw new CliError('not_found', `There is no trace ${traceId}.`, {
      remedy: 'Is it of another project? A run’s id is written with its dashes.',
    })
  const runId = await runOf(api, trace.value)
  if (runId !== undefined) return showRun(api, out, runId, options)
  if (options.steps)
    throw new CliError('usage', `Trace ${traceId} belongs to no run, so it has no checkpoints.`, { remedy: 'Leave --steps out.' })
  if (out.json) return out.document({ run: null, steps: [], trace: trace.raw })
  out.line(...drawTraceHeader(trace.value, out), '')
  drawTrace(trace.value, out, { options, checkpoints: new Set(), failedStep: null })
  out.line('', out.style('dim', `  cairn runs show ${traceId} --span ID`))
}

interface Drawn {
  readonly options: ShowOptions
  readonly checkpoints: ReadonlySet<string>
  readonly failedStep: string | null
}

function drawTrace(trace: TraceOutline, out: Output, { options, checkpoints, failedStep }: Drawn): void {
  const rows = buildRows(trace, { checkpoints, now: out.now })
  const shown = selectRows(rows, options.all ? Infinity : options.maxRows)
  out.line(...drawWaterfall(rows, shown, { columns: out.columns, style: out.style }))
  out.line('', out.style('dim', '◆ checkpoint  ✗ failed  ▒ cut off by a crash  ▶ goes on  ┊ idle time, folded'))
  out.line(...drawErrors(rows, out, failedStep))
}

/** The run that a trace is of: that of its first span of a run, which called the others. Undefined: it belongs to none that is kept. */
export async function runOf(api: ApiClient, { spans }: Pick<TraceOutline, 'spans'>): Promise<string | undefined> {
  const ofRuns = spans.filter((span) => span.runId !== '')
  const first = ofRuns.reduce<SpanSummary | undefined>(
    (least, span) => (least && least.startTime <= span.startTime ? least : span),
    undefined,
  )
  if (first === undefined) return undefined
  const { items } = (await api.get('/api/v1/runs', RunPage, { query: `id:${JSON.stringify(first.runId)}`, limit: 1 })).value
  return items[0]?.id
}

/** Undefined while no span of it has arrived. */
export async function readOutline(api: ApiClient, traceId: string): Promise<{ value: TraceOutline; raw: unknown } | undefined> {
  try {
    return await api.get(`/api/v1/traces/${traceId}/summary`, TraceOutline)
  } catch (error) {
    if (error instanceof CliError && error.code === 'not_found') return undefined
    throw error
  }
}

function nextSteps(run: Run, out: Output): string[] {
  const hints = ['failed', 'crashed', 'paused', 'cancelled'].includes(run.status) ? [`cairn runs resume ${run.id}`] : []
  if (['queued', 'running', 'waiting'].includes(run.status)) hints.push(`cairn tail ${run.id}`)
  hints.push(`cairn runs show ${run.id} --span STEP`)
  return ['', ...hints.map((hint) => out.style('dim', `  ${hint}`))]
}
