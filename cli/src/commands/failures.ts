import { FailurePage } from '@cairn/sdk/protocol'
import { type Command, Option } from 'commander'
import { contextOf } from '../context.ts'
import { parseCount, parseTime } from '../options.ts'
import type { Terminal } from '../terminal.ts'
import { escapeLine } from '../text/escape.ts'
import { formatTime, formatUsd } from '../text/format.ts'
import { type Column, drawTable } from '../text/table.ts'
import { addFailuresShow } from './failures-show.ts'

interface FailureOptions {
  readonly state?: string
  readonly agent?: string
  readonly text?: string
  readonly since?: string
  readonly until?: string
  readonly sort: string
  readonly limit: number
  readonly cursor?: string
}

const COLUMNS: readonly Column[] = [
  { title: 'GROUP' },
  { title: 'STATE', drop: 4 },
  { title: 'COUNT', align: 'right' },
  { title: 'LAST SEEN', drop: 3 },
  { title: 'LOST', align: 'right', drop: 2 },
  { title: 'WHERE', min: 8, max: 32, drop: 1 },
  { title: 'ERROR', min: 16 },
]

export function addFailures(program: Command, terminal: Terminal): void {
  const failures = program.command('failures').description('groups of failures with one cause')
  failures
    .command('list')
    .alias('ls')
    .description('groups of the last 7 days, latest first')
    .addOption(new Option('--state <state>', 'only these').choices(['open', 'resolved', 'muted']))
    .option('--agent <name>', 'of this agent')
    .option('--text <text>', 'text in type, message, agent or step')
    .option('--since <time>', 'seen since: 2h, 7d, or a date')
    .option('--until <time>', 'seen until')
    .addOption(new Option('--sort <by>', 'what comes first').choices(['lastSeen', 'firstSeen', 'count', 'lost']).default('lastSeen'))
    .option('-n, --limit <n>', 'how many, at most 200', parseCount, 25)
    .option('--cursor <cursor>', 'go on where a list ended')
    .action(async (options: FailureOptions, command: Command) => {
      const { api, out } = contextOf(terminal, command)
      const page = await api.get('/api/v1/failures', FailurePage, {
        state: options.state,
        agent: options.agent,
        q: options.text,
        from: options.since === undefined ? undefined : parseTime(options.since, out.now),
        to: options.until === undefined ? undefined : parseTime(options.until, out.now),
        sort: options.sort,
        limit: options.limit,
        cursor: options.cursor,
      })
      if (out.json) return out.document(page.raw)
      const { items, nextCursor } = page.value
      if (items.length === 0) return out.line('No failures in this range.')
      const rows = items.map((group) => [
        group.group,
        group.regression ? `${group.state} again` : group.state,
        String(group.count),
        formatTime(group.lastSeen, out.now),
        formatUsd(group.lost),
        escapeLine([group.agent, group.step].filter((part) => part !== '').join(' › ')),
        escapeLine(`${group.errorType}: ${group.errorMessage}`.slice(0, 500)),
      ])
      out.line(...drawTable(COLUMNS, rows, { width: out.columns, paint: (text, row) => (row < 0 ? out.style('dim', text) : text) }))
      if (nextCursor !== null) out.note(`There are more: --cursor ${escapeLine(nextCursor)}`)
      out.note('What is in a group: cairn failures show GROUP')
      if (items.some((group) => group.runs > 0)) out.note('Runs of a group: cairn runs list --failure GROUP')
    })
  addFailuresShow(failures, terminal)
}
