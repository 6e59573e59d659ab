import { McpServer } from '@modelcontextprotocol/server'
import type { ApiClient } from '../api/client.ts'
import { VERSION } from '../version.ts'
import { addCommandTools } from './command-tools.ts'
import { addFindTools } from './find-tools.ts'
import { addGetFailure } from './get-failure.ts'
import { addRunTools } from './run-tools.ts'
import { NOTICE } from './untrusted.ts'

const INSTRUCTIONS = `Cairn records runs of AI agents: every step is a checkpoint and a span.
To find why something failed: find_runs (status failed or crashed) or list_failures (then get_failure), then get_run (errors first), then get_span of the deepest error; compare_runs with a good run of the same agent.
${NOTICE}`

/** The MCP server over the collector's API. */
export function makeMcpServer(api: ApiClient, { readOnly, now }: { readOnly: boolean; now: () => number }): McpServer {
  const server = new McpServer(
    { name: 'cairn', title: 'Cairn', version: VERSION },
    { instructions: INSTRUCTIONS, capabilities: { tools: {} } },
  )
  addFindTools(server, api, now)
  addGetFailure(server, api)
  addRunTools(server, api, now)
  if (!readOnly) addCommandTools(server, api, now)
  return server
}
