import { NO_COST, NO_USAGE, Run, type Step, type TraceOutline } from '@cairn/sdk/protocol'
import type { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { ApiClient } from '../api/client.ts'
import { readOutline, runOf, Steps } from '../commands/runs-show.ts'
import { CliError } from '../errors.ts'
import { runIdOf, traceIdOf } from '../options.ts'
import { formatCost, formatMs, formatUsd } from '../text/format.ts'
import { buildRows } from '../waterfall/build-rows.ts'
import { compactErrors, compactRows, focusRows } from './compact-trace.ts'
import { toFoundRun } from './find-tools.ts'
import { maxTokens, Notice, Offset, RunOrTraceInput } from './inputs.ts'
import { READ, tool } from './tool.ts'
import { answer, CHARS_PER_TOKEN, clip } from './untrusted.ts'

const VALUE = 1_500

/** The tool that reads a run, or a trace of no run, compactly. */
export function addGetRun(server: McpServer, api: ApiClient, now: () => number): void {
  server.registerTool(
    'get_run',
    {
      title: 'Read a run',
      description:
        'A run (or a trace, also of no run) compactly: what failed the run first (deepest cause on top; errors it recovered from are last and marked), then the tree of spans with durations, cost and previews. Long traces come in pages (nextOffset); focus on a span id or step key for its subtree only. get_span gives whole inputs and outputs.',
      inputSchema: z.object({
        runId: RunOrTraceInput,
        focus: z.string().max(1_000).optional().describe('Only this span (id) or step (key), what is above and below it'),
        offset: Offset,
        maxTokens: maxTokens(4_000),
      }),
      outputSchema: z.object({
        notice: Notice,
        run: z.record(z.string(), z.unknown()),
        executions: z.array(z.string()),
        errors: z
          .array(
            z.object({
              spanId: z.string(),
              step: z.string(),
              execution: z.number(),
              outcome: z.string(),
              recovered: z.boolean(),
              error: z.string(),
            }),
          )
          .describe('First what failed the run, the deepest cause on top; last what it recovered from'),
        trace: z.array(z.string()).describe('A line a span: [spanId] name (kind, duration, cost, outcome), indented by depth'),
        spans: z.number(),
        nextOffset: z.number().nullable(),
      }),
      annotations: READ,
    },
    tool(async ({ runId, focus, offset, maxTokens: tokens }) => {
      const { run, trace, steps } = await readRunOrTrace(api, runId)
      const checkpoints = new Set(steps.flatMap((step) => (step.status === 'succeeded' && step.spanId !== null ? [step.spanId] : [])))
      const all = buildRows(trace, { checkpoints, now: now() })
      const rows = focus === undefined ? all : focusRows(all, focus)
      if (rows === undefined)
        throw new CliError('not_found', `This trace has no span and no step ${JSON.stringify(focus?.slice(0, 200))}.`, {
          remedy: 'Call get_run without focus: it lists them.',
        })
      const isFirst = offset === 0
      const head = run === undefined ? headOfTrace(trace) : headOfRun(run, { isFirst, now: now() })
      const executions = (run?.executions ?? [])
        .slice(-20)
        .map(
          (execution) =>
            `${execution.number}: ${execution.outcome ?? 'goes on'}, ${execution.replayedSteps} steps from checkpoints${execution.actor === null ? '' : `, by ${clip(execution.actor, 100)}`}`,
        )
      const errors = isFirst ? compactErrors(rows, run?.failedStep) : []
      const fixed = JSON.stringify({ head, executions, errors }).length
      const page = compactRows(rows, { offset, chars: Math.max(1_000, tokens * CHARS_PER_TOKEN - fixed) })
      const lines = [
        ...Object.entries(head).map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`),
        ...executions.map((text) => `execution ${text}`),
        ...(errors.length > 0
          ? [
              '',
              'errors, first what failed the run, deepest first:',
              ...errors.map(
                (error) => `[${error.spanId}] ${error.step} (${error.outcome}${error.recovered ? ', recovered' : ''}): ${error.error}`,
              ),
            ]
          : []),
        '',
        `trace, ${rows.length} spans${page.nextOffset === null ? '' : `, go on with offset ${page.nextOffset}`}:`,
        ...page.lines,
      ]
      return answer(lines, { run: head, executions, errors, trace: page.lines, spans: rows.length, nextOffset: page.nextOffset })
    }),
  )
}

interface Read {
  /** Undefined: the trace belongs to no run. */
  readonly run: Run | undefined
  readonly trace: TraceOutline
  readonly steps: readonly Step[]
}

/** @throws {CliError} `not_found` */
async function readRunOrTrace(api: ApiClient, text: string): Promise<Read> {
  const traceId = traceIdOf(text)
  const own = traceId === undefined ? undefined : await readOutline(api, traceId)
  const id = traceId === undefined ? runIdOf(text) : own && (await runOf(api, own.value))
  if (id === undefined) {
    if (own === undefined) throw new CliError('not_found', `There is no trace ${traceId}.`, { remedy: 'Is it of another project?' })
    return { run: undefined, trace: own.value, steps: [] }
  }
  const { value: run } = await api.get(`/api/v1/runs/${id}`, Run)
  const [steps, trace] = await Promise.all([api.get(`/api/v1/runs/${id}/steps`, Steps), own ?? readOutline(api, run.traceId)])
  return { run, trace: trace?.value ?? NO_SPANS(run.traceId), steps: steps.value.items }
}

const NO_SPANS = (traceId: TraceOutline['traceId']): TraceOutline => ({ traceId, usage: NO_USAGE, cost: NO_COST, spans: [], open: [] })

const headOfRun = (run: Run, { isFirst, now }: { isFirst: boolean; now: number }): Record<string, unknown> => ({
  ...toFoundRun(run, now),
  traceId: run.traceId,
  ...(isFirst ? { input: clip(JSON.stringify(run.input), VALUE), output: clip(JSON.stringify(run.output), VALUE) } : {}),
  tokens: run.usage.total,
  lost: formatUsd(run.lostUnpriced ? null : run.lost),
  saved: formatUsd(run.saved),
  sessionId: run.sessionId,
  userId: run.userId,
  tags: run.tags,
  resumable: ['failed', 'crashed', 'paused', 'cancelled'].includes(run.status),
  forkedFrom: run.forkedFrom,
})

function headOfTrace(trace: TraceOutline): Record<string, unknown> {
  const root = trace.spans.find((span) => span.parentSpanId === null) ?? trace.spans[0]
  return {
    traceId: trace.traceId,
    run: 'none: this trace belongs to no run, there is nothing to resume',
    name: clip(root?.name ?? '', 200),
    service: clip(root?.service ?? '', 200),
    status: root?.status ?? 'unset',
    startedAt: root?.startTime ?? null,
    duration: formatMs(root === undefined ? null : Number(root.durationNs) / 1e6),
    tokens: trace.usage.total,
    cost: formatCost(trace.cost),
    sessionId: root?.sessionId || null,
    userId: root?.userId || null,
  }
}
