import { type FailureExample, FailureGroup } from '@cairn/sdk/protocol'
import type { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { ApiClient } from '../api/client.ts'
import { formatMs, formatUsd } from '../text/format.ts'
import { Notice } from './inputs.ts'
import { READ, tool } from './tool.ts'
import { answer, clip } from './untrusted.ts'

const ERROR = 2_000

const Example = z.object({
  which: z.string(),
  runId: z.string().nullable().describe('null: its trace belongs to no run; give get_run the traceId'),
  traceId: z.string(),
  spanId: z.string().nullable().describe('The span that failed'),
  failedAt: z.string(),
  duration: z.string(),
})

/** The tool that leads from a group of failures to runs or traces of it. */
export function addGetFailure(server: McpServer, api: ApiClient): void {
  server.registerTool(
    'get_failure',
    {
      title: 'Read a group of failures',
      description:
        'One group out of list_failures, with failures that stand for it: pass their runId (or, where that is null, their traceId) to get_run and get_span.',
      inputSchema: z.object({ group: z.string().regex(/^[0-9a-f]{16}$/, 'must be 16 hexadecimal digits, as list_failures gives it') }),
      outputSchema: z.object({ notice: Notice, failure: z.record(z.string(), z.unknown()), examples: z.array(Example) }),
      annotations: READ,
    },
    tool(async ({ group }) => {
      const { value } = await api.get(`/api/v1/failures/${group}`, FailureGroup)
      const failure = {
        group: value.group,
        state: value.state,
        error: clip(`${value.errorType}: ${value.errorMessage}`, ERROR),
        agent: clip(value.agent, 200),
        step: clip(value.step, 200),
        count: value.count,
        runs: value.runs,
        tracesOfNoRun: value.traces,
        firstSeen: value.firstSeen,
        lastSeen: value.lastSeen,
        versions: value.versions.map((version) => clip(version, 100)),
        lost: formatUsd(value.lost),
        resumable: value.resumable,
      }
      const { newest, typical, cheapest } = value.examples
      const examples = [...named('newest', newest), ...named('typical', typical), ...named('cheapest', cheapest)]
      const lines = [
        ...Object.entries(failure).map(([name, fact]) => `${name}: ${typeof fact === 'string' ? fact : JSON.stringify(fact)}`),
        ...examples.map(
          ({ which, runId, traceId, spanId, failedAt, duration }) =>
            `${which}: ${runId === null ? `trace ${traceId} (of no run)` : `run ${runId}`}, span ${spanId ?? 'unknown'}, ${failedAt}, ${duration}`,
        ),
      ]
      return answer(lines, { failure, examples })
    }),
  )
}

const named = (which: string, example: FailureExample | null): z.infer<typeof Example>[] =>
  example === null
    ? []
    : [
        {
          which,
          runId: example.runId,
          traceId: example.traceId,
          spanId: example.spanId,
          failedAt: example.failedAt,
          duration: formatMs(example.durationMs),
        },
      ]
