import { Comparison, RunState, RunStateDiff, Span } from '@cairn/sdk/protocol'
import type { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { ApiClient } from '../api/client.ts'
import { Steps } from '../commands/runs-show.ts'
import { findStepSpan, placeOf } from '../commands/span.ts'
import { runIdOf, traceIdOf } from '../options.ts'
import { formatCost, formatMs, formatUsd } from '../text/format.ts'
import { addGetRun } from './get-run.ts'
import { maxTokens, Notice, Offset, RunIdInput, RunOrTraceInput } from './inputs.ts'
import { slicePage } from './slice.ts'
import { READ, tool } from './tool.ts'
import { answer, CHARS_PER_TOKEN, clip, type ToolAnswer } from './untrusted.ts'

const Page = { offset: Offset, maxTokens: maxTokens(2_000) }

const PageOutput = {
  text: z.string().describe('A part of the JSON (or text)'),
  totalChars: z.number(),
  nextOffset: z.number().nullable().describe('Ask again with this offset for the rest; null at the end'),
}

/** Tools that read one run, or two. */
export function addRunTools(server: McpServer, api: ApiClient, now: () => number): void {
  addGetRun(server, api, now)
  addValues(server, api)
  addCompare(server, api)
}

function addValues(server: McpServer, api: ApiClient): void {
  server.registerTool(
    'get_span',
    {
      title: 'Read a span',
      description:
        'Input, output, error or attributes of a span, by its id or the key of a step (then its last execution), in a run or a trace. Long ones come in pages.',
      inputSchema: z.object({
        runId: RunOrTraceInput,
        span: z.string().min(1).max(1_000).describe('Span id, or step key'),
        part: z.enum(['all', 'input', 'output', 'error', 'attributes', 'events']).default('all'),
        ...Page,
      }),
      outputSchema: z.object({ notice: Notice, span: z.record(z.string(), z.unknown()), part: z.string(), ...PageOutput }),
      annotations: READ,
    },
    tool(async ({ runId, span: wanted, part, offset, maxTokens: tokens }) => {
      const place = await placeOf(api, traceIdOf(runId) ?? runIdOf(runId))
      const spanId = /^[0-9a-f]{16}$/i.test(wanted) ? wanted.toLowerCase() : await findStepSpan(api, place, wanted)
      const { value: span } = await api.get(`/api/v1/traces/${place.traceId}/spans/${spanId}`, Span)
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
