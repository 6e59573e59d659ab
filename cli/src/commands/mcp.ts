import type { Command } from 'commander'
import { contextOf } from '../context.ts'
import type { Terminal } from '../terminal.ts'

export function addMcp(program: Command, terminal: Terminal): void {
  program
    .command('mcp')
    .description('an MCP server on stdin and stdout, for coding agents')
    .option('--read-only', 'only tools that look: no resume, fork, cancel')
    .action(async ({ readOnly }: { readOnly?: boolean }, command: Command) => {
      const { api } = contextOf(terminal, command)
      // Only this command pays for loading it.
      const [{ serveStdio }, { makeMcpServer }] = await Promise.all([
        import('@modelcontextprotocol/server/stdio'),
        import('../mcp/server.ts'),
      ])
      const handle = serveStdio(() => makeMcpServer(api, { readOnly: readOnly === true, now: terminal.now }), {
        onerror: (error) => void terminal.stderr.write(`cairn mcp: ${error.message}\n`),
      })
      await new Promise<void>((resolve) => {
        terminal.signal.addEventListener('abort', () => resolve(), { once: true })
        terminal.stdin.once('end', resolve)
      })
      await handle.close()
    })
}
