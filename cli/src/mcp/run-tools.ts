import { Comparison, Run, RunState, RunStateDiff, Span } from '@cairn/sdk/protocol'
import type { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { ApiClient } from '../api/client.ts'
import { readOutline, Steps } from '../commands/runs-show.ts'
import { findStepSpan } from '../commands/span.ts'
import { CliError } from '../errors.ts'
import { runIdOf } from '../options.ts'
import { formatCost, formatMs, formatUsd } from '../text/format.ts'
import { buildRows } from '../waterfall/build-rows.ts'
import { compactErrors, compactRows, focusRows } from './compact-trace.ts'
import { toFoundRun } from './find-tools.ts'
import { maxTokens, Notice, Offset, RunIdInput } from './inputs.ts'
import { slicePage } from './slice.ts'
import { answer, CHARS_PER_TOKEN, clip, refusal, type ToolAnswer } from './untrusted.ts'

const READ = { readOnlyHint: true, idempotentHint: true, openWorldHint: false } as const
const Page = { offset: Offset, maxTokens: maxTokens(2_000) }
const VALUE = 1_500

const PageOutput = {
  text: z.string().describe('A part of the JSON (or text)'),
  totalChars: z.number(),
  nextOffset: z.number().nullable().describe('Ask again with this offset for the rest; null at the end'),
}

/** Errors become answers: one place for all tools. */
const tool =
  <T>(work: (input: T) => Promise<ToolAnswer>) =>
  (input: T): Promise<ToolAnswer> =>
    work(input).catch(refusal)

/** Tools that read one run, or two. */
export function addRunTools(server: McpServer, api: ApiClient, now: () => number): void {
  addGetRun(server, api, now)
  addValues(server, api)
  addCompare(server, api)
}

function addGetRun(server: McpServer, api: ApiClient, now: () => number): void {
  server.registerTool(
    'get_run',
    {
      title: 'Read a run',
      description:
        'A run and its trace, compactly: what failed the run first (deepest cause on top; errors it recovered from are last and marked), then the tree of spans with durations, cost and previews. Long traces come in pages (nextOffset); focus on a span id or step key for its subtree only. get_span gives whole inputs and outputs.',
      inputSchema: z.object({
        runId: RunIdInput,
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
      const id = runIdOf(runId)
      const { value: run } = await api.get(`/api/v1/runs/${id}`, Run)
      const [steps, trace] = await Promise.all([api.get(`/api/v1/runs/${id}/steps`, Steps), readOutline(api, run.traceId)])
      const checkpoints = new Set(
        steps.value.items.flatMap((step) => (step.status === 'succeeded' && step.spanId !== null ? [step.spanId] : [])),
      )
      const all = buildRows(trace?.value ?? { spans: [], open: [] }, { checkpoints, now: now() })
      const rows = focus === undefined ? all : focusRows(all, focus)
      if (rows === undefined)
        throw new CliError('not_found', `This trace has no span and no step ${JSON.stringify(focus?.slice(0, 200))}.`, {
          remedy: 'Call get_run without focus: it lists them.',
        })
      const isFirst = offset === 0
      const head = {
        ...toFoundRun(run, now()),
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
      }
      const executions = run.executions
        .slice(-20)
        .map(
          (execution) =>
            `${execution.number}: ${execution.outcome ?? 'goes on'}, ${execution.replayedSteps} steps from checkpoints${execution.actor === null ? '' : `, by ${clip(execution.actor, 100)}`}`,
        )
      const errors = isFirst ? compactErrors(rows, run.failedStep) : []
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

function addValues(server: McpServer, api: ApiClient): void {
  server.registerTool(
    'get_span',
    {
      title: 'Read a span',
      description:
        'Input, output, error or attributes of a span, by its id or the key of a step (then its last execution). Long ones come in pages.',
      inputSchema: z.object({
        runId: RunIdInput,
        span: z.string().min(1).max(1_000).describe('Span id, or step key'),
        part: z.enum(['all', 'input', 'output', 'error', 'attributes', 'events']).default('all'),
        ...Page,
      }),
      outputSchema: z.object({ notice: Notice, span: z.record(z.string(), z.unknown()), part: z.string(), ...PageOutput }),
      annotations: READ,
    },
    tool(async ({ runId, span: wanted, part, offset, maxTokens: tokens }) => {
      const { value: run } = await api.get(`/api/v1/runs/${runIdOf(runId)}`, Run)
      const spanId = /^[0-9a-f]{16}$/i.test(wanted) ? wanted.toLowerCase() : await findStepSpan(api, run, wanted)
      const { value: span } = await api.get(`/api/v1/traces/${run.traceId}/spans/${spanId}`, Span)
      const error = { type: span.errorType, message: span.errorMessage, stack: span.errorStack }
      const parts = { input: span.input, output: span.output, error, attributes: span.attributes, events: span.events }
      const value =
        part === 'all' ? { input: parts.input, output: parts.output, ...(error.type + error.message === '' ? {} : { error }) } : parts[part]
      const facts = {
        spanId,
        name: clip(span.name, 200),
        kind: span.kind,
        step: clip(span.stepKey, 200),
        execution: span.execution,
        status: span.interrupted ? 'interrupted' : span.status,
        duration: formatMs(Number(span.durationNs) / 1e6),
        ...(span.model === '' ? {} : { model: clip(span.model, 100), tokens: span.usage.total, cost: formatCost(span.cost) }),
      }
      return paged(facts, 'span', value, { part, offset, tokens })
    }),
  )

  server.registerTool(
    'get_steps',
    {
      title: 'List checkpoints',
      description:
        'The checkpoints of a run in order: which steps are stored, failed, interrupted, or of unknown effect, with previews of their outputs.',
      inputSchema: z.object({ runId: RunIdInput, ...Page }),
      outputSchema: z.object({ notice: Notice, run: z.record(z.string(), z.unknown()), part: z.string(), ...PageOutput }),
      annotations: READ,
    },
    tool(async ({ runId, offset, maxTokens: tokens }) => {
      const { value } = await api.get(`/api/v1/runs/${runIdOf(runId)}/steps`, Steps)
      const lines = value.items.map((step) => {
        const text =
          step.error === null
            ? step.output === null
              ? ''
              : ` → ${clip(JSON.stringify(step.output), 160)}`
            : ` ✗ ${clip(`${step.error.type}: ${step.error.message}`, 300)}`
        return `${clip(step.key, 200)} (${step.kind}, ${step.status}, execution ${step.execution}, attempt ${step.attempt}, ${formatCost(step.cost)})${text}`
      })
      return paged({ id: runIdOf(runId), steps: value.items.length }, 'run', lines.join('\n'), { part: 'steps', offset, tokens })
    }),
  )

  server.registerTool(
    'get_state',
    {
      title: 'Read the state',
      description: 'run.state of a run: as it is now, after a step, or what changed between two steps (JSON Patch).',
      inputSchema: z.object({
        runId: RunIdInput,
        step: z.string().max(1_000).optional().describe('After this step; left out: as it is now'),
        changesSince: z.string().max(1_000).optional().describe('Only what changed since after this step'),
        ...Page,
      }),
      outputSchema: z.object({ notice: Notice, run: z.record(z.string(), z.unknown()), part: z.string(), ...PageOutput }),
      annotations: READ,
    },
    tool(async ({ runId, step, changesSince, offset, maxTokens: tokens }) => {
      const id = runIdOf(runId)
      const value =
        changesSince === undefined
          ? (await api.get(`/api/v1/runs/${id}/state`, RunState, { step })).value.state
          : (await api.get(`/api/v1/runs/${id}/state/diff`, RunStateDiff, { from: changesSince, to: step })).value.patch
      return paged({ id, step: step ?? 'now' }, 'run', value, { part: changesSince === undefined ? 'state' : 'changes', offset, tokens })
    }),
  )
}

function paged(
  facts: Record<string, unknown>,
  name: 'span' | 'run',
  value: unknown,
  { part, offset, tokens }: { part: string; offset: number; tokens: number },
): ToolAnswer {
  const page = slicePage(value, offset, tokens * CHARS_PER_TOKEN)
  const head = Object.entries(facts).map(([key, fact]) => `${key}: ${fact}`)
  const range = `${part}, characters ${offset} to ${offset + page.text.length} of ${page.totalChars}${page.nextOffset === null ? '' : `; go on with offset ${page.nextOffset}`}:`
  return answer([...head, '', range, page.text], { [name]: facts, part, ...page })
}

function addCompare(server: McpServer, api: ApiClient): void {
  server.registerTool(
    'compare_runs',
    {
      title: 'Compare two runs',
      description: 'What differs between two runs, aligned by step: a good and a bad one, a fork and its origin. Highlights first.',
      inputSchema: z.object({
        runIdA: RunIdInput,
        runIdB: RunIdInput,
        by: z.enum(['step', 'span']).default('step'),
        changedOnly: z.boolean().default(true),
        limit: z.number().int().min(1).max(500).default(60),
      }),
      outputSchema: z.object({
        notice: Notice,
        a: z.string(),
        b: z.string(),
        totals: z.record(z.string(), z.number()),
        highlights: z.array(z.string()),
        rows: z.array(z.string()),
        rowsLeftOut: z.number(),
      }),
      annotations: READ,
    },
    tool(async ({ runIdA, runIdB, by, changedOnly, limit }) => {
      const path = `/api/v1/runs/${runIdOf(runIdA)}/compare/${runIdOf(runIdB)}`
      const { value } = await api.get(path, Comparison, { by, only: changedOnly ? 'changed' : undefined, limit })
      const side = (one: Comparison['a']) =>
        `${one.runId} ${clip(one.name, 100)} ${one.status} ${formatMs(one.durationMs)} ${one.tokens} tokens ${formatUsd(one.costUsd)}${one.error === null ? '' : ` ${clip(`${one.error.type}: ${one.error.message}`, 300)}`}`
      const rows = value.rows.map((row) => {
        const what = [row.verdict, ...(row.changes ?? []), row.speed, row.price].filter((part) => part !== undefined).join(', ')
        const item = (one: typeof row.a) =>
          one === undefined
            ? '–'
            : `${one.status} ${formatMs(one.durationMs ?? null)}${one.error === undefined ? '' : ` ${clip(`${one.error.type}: ${one.error.message}`, 200)}`}`
        return `${'  '.repeat(Math.min(row.depth, 12))}${clip(row.name, 120)} (${what}) A: ${item(row.a)} B: ${item(row.b)}`
      })
      const structured = {
        a: side(value.a),
        b: side(value.b),
        totals: value.totals,
        highlights: value.highlights.map(({ text }) => clip(text, 400)),
        rows,
        rowsLeftOut: value.rowsLeftOut,
      }
      const lines = [`A ${structured.a}`, `B ${structured.b}`, JSON.stringify(value.totals), ...structured.highlights, '', ...rows]
      return answer(lines, structured)
    }),
  )
}
