import { FailurePage, type RunSummary } from '@cairn/sdk/protocol'
import type { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { ApiClient } from '../api/client.ts'
import { listRuns } from '../commands/runs-list.ts'
import { parseTime } from '../options.ts'
import { durationMs, formatCost, formatMs, formatUsd } from '../text/format.ts'
import { Notice, StatusInput, TimeInput } from './inputs.ts'
import { answer, clip, refusal } from './untrusted.ts'

const READ = { readOnlyHint: true, idempotentHint: true, openWorldHint: false } as const
const ERROR = 300

const FoundRun = z.object({
  id: z.string(),
  agent: z.string(),
  version: z.string().nullable(),
  status: z.string(),
  execution: z.number(),
  steps: z.string(),
  failedStep: z.string().nullable(),
  error: z.string().nullable(),
  failureGroup: z.string().nullable(),
  startedAt: z.string().nullable(),
  duration: z.string(),
  cost: z.string(),
})

export const toFoundRun = (run: RunSummary, now: number): z.infer<typeof FoundRun> => ({
  id: run.id,
  agent: clip(run.agent, 200),
  version: run.version,
  status: run.status,
  execution: run.execution,
  steps: `${run.steps.done}${run.steps.total === undefined ? '' : `/${run.steps.total}`}`,
  failedStep: run.failedStep === null ? null : clip(run.failedStep, 200),
  error: run.error === null ? null : clip(`${run.error.type}: ${run.error.message}`, ERROR),
  failureGroup: run.errorGroup,
  startedAt: run.startedAt,
  duration: formatMs(durationMs(run.startedAt, run.endedAt, now)),
  cost: formatCost(run.cost),
})

/** Tools that find runs and causes. */
export function addFindTools(server: McpServer, api: ApiClient, now: () => number): void {
  server.registerTool(
    'find_runs',
    {
      title: 'Find runs',
      description:
        'Runs of the project, newest first, by filters. Start here: status ["failed","crashed"] finds what went wrong. Then get_run on one of them.',
      inputSchema: z.object({
        status: StatusInput.optional().describe('One or several of these statuses'),
        agent: z.string().max(200).optional(),
        version: z.string().max(200).optional(),
        sessionId: z.string().max(200).optional(),
        userId: z.string().max(200).optional(),
        tag: z.string().max(200).optional(),
        failureGroup: z.string().max(100).optional().describe('A group out of list_failures'),
        text: z.string().max(1_000).optional().describe('Text in agent, id, input, output or error'),
        query: z.string().max(2_000).optional().describe('As in the query bar: status:crashed cost:>0.5 "refund"'),
        since: TimeInput.optional(),
        until: TimeInput.optional(),
        limit: z.number().int().min(1).max(100).default(20),
        cursor: z.string().max(500).optional(),
      }),
      outputSchema: z.object({ notice: Notice, runs: z.array(FoundRun), nextCursor: z.string().nullable() }),
      annotations: READ,
    },
    async ({ limit, cursor, text, since, until, failureGroup, ...filter }) => {
      try {
        const query = {
          ...filter,
          q: text,
          errorGroup: failureGroup,
          from: since === undefined ? undefined : parseTime(since, now()),
          to: until === undefined ? undefined : parseTime(until, now()),
        }
        const page = await listRuns(api, query, { limit, cursor })
        const runs = page.items.map((run) => toFoundRun(run, now()))
        const lines = runs.map(
          (run) =>
            `${run.id} ${run.status} ${run.agent}${run.version === null ? '' : ` v${run.version}`} ${run.startedAt ?? 'not started'} ${run.duration} steps ${run.steps} ${run.cost}${run.failedStep === null ? '' : ` at ${run.failedStep}`}${run.error === null ? '' : ` ${run.error}`}`,
        )
        if (page.nextCursor !== null) lines.push(`more: cursor ${page.nextCursor}`)
        return answer(lines.length === 0 ? ['No run matches.'] : lines, { runs, nextCursor: page.nextCursor })
      } catch (error) {
        return refusal(error)
      }
    },
  )

  server.registerTool(
    'list_failures',
    {
      title: 'List failures',
      description:
        'Groups of failures with one cause, with how often, since when, in which versions, and dollars lost. get_failure names runs or traces of one to look at; find_runs with failureGroup lists its runs (a group of traces that belong to no run has none).',
      inputSchema: z.object({
        state: z.enum(['open', 'resolved', 'muted']).optional(),
        agent: z.string().max(200).optional(),
        text: z.string().max(1_000).optional(),
        since: TimeInput.optional().describe('Default: 7 days'),
        until: TimeInput.optional(),
        sort: z.enum(['lastSeen', 'firstSeen', 'count', 'lost']).default('lastSeen'),
        limit: z.number().int().min(1).max(100).default(20),
        cursor: z.string().max(500).optional(),
      }),
      outputSchema: z.object({
        notice: Notice,
        failures: z.array(
          z.object({
            group: z.string(),
            state: z.string(),
            regression: z.boolean(),
            error: z.string(),
            agent: z.string(),
            step: z.string(),
            count: z.number(),
            runs: z.number(),
            tracesOfNoRun: z.number(),
            firstSeen: z.string(),
            lastSeen: z.string(),
            versions: z.array(z.string()),
            lost: z.string(),
          }),
        ),
        nextCursor: z.string().nullable(),
      }),
      annotations: READ,
    },
    async ({ text, since, until, ...query }) => {
      try {
        const { value } = await api.get('/api/v1/failures', FailurePage, {
          ...query,
          q: text,
          from: since === undefined ? undefined : parseTime(since, now()),
          to: until === undefined ? undefined : parseTime(until, now()),
        })
        const failures = value.items.map(
          ({
            group,
            state,
            regression,
            errorType,
            errorMessage,
            agent,
            step,
            count,
            runs,
            traces,
            firstSeen,
            lastSeen,
            versions,
            lost,
          }) => ({
            ...{ group, state, regression, agent, step, count, runs, tracesOfNoRun: traces, firstSeen, lastSeen, versions },
            error: clip(`${errorType}: ${errorMessage}`, ERROR),
            lost: formatUsd(lost),
          }),
        )
        const lines = failures.map(
          (group) =>
            `${group.group} ${group.state}${group.regression ? ' (regression)' : ''} ${group.count}x (${group.runs} runs, ${group.tracesOfNoRun} traces of no run), last ${group.lastSeen}, first ${group.firstSeen}, lost ${group.lost}, ${group.agent} › ${group.step}, versions ${group.versions.join(', ')}: ${group.error}`,
        )
        return answer(lines.length === 0 ? ['No failures in this range.'] : lines, { failures, nextCursor: value.nextCursor })
      } catch (error) {
        return refusal(error)
      }
    },
  )
}
