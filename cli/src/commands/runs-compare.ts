import { type ComparedRow, Comparison } from '@cairn/sdk/protocol'
import type { Command } from 'commander'
import { contextOf } from '../context.ts'
import { parseCount, runRefOf } from '../options.ts'
import type { Output, Terminal } from '../terminal.ts'
import { escapeLine } from '../text/escape.ts'
import { formatCount, formatMs, formatUsd, plural } from '../text/format.ts'
import type { StyleName } from '../text/style.ts'
import { type Column, drawTable } from '../text/table.ts'
import { cut } from '../text/width.ts'

const COLUMNS: readonly Column[] = [
  { title: '' },
  { title: 'STEP', min: 12, max: 44 },
  { title: 'A', align: 'right' },
  { title: 'B', align: 'right' },
  { title: 'COST', align: 'right', drop: 2 },
  { title: 'WHAT', min: 12, drop: 1 },
]
const SIGNS: Readonly<Record<string, string>> = { shared: '◆', same: '=', changed: '~', added: '+', removed: '-' }
const STYLES: Readonly<Record<string, StyleName>> = { shared: 'dim', same: 'dim', changed: 'yellow', added: 'green', removed: 'red' }

export function addRunsCompare(runs: Command, terminal: Terminal): void {
  runs
    .command('compare')
    .description('what differs between two runs, aligned by step')
    .argument('<a>', 'run id', runRefOf)
    .argument('<b>', 'run id', runRefOf)
    .option('--spans', 'by span instead of by step')
    .option('--changed', 'only what differs')
    .option('--max-rows <n>', 'at most so many rows', parseCount, 500)
    .action(async (a: string, b: string, options: { spans?: boolean; changed?: boolean; maxRows: number }, command: Command) => {
      const { api, out } = contextOf(terminal, command)
      const answer = await api.get(`/api/v1/runs/${a}/compare/${b}`, Comparison, {
        by: options.spans ? 'span' : 'step',
        only: options.changed ? 'changed' : undefined,
        limit: options.maxRows,
      })
      if (out.json) return out.document(answer.raw)
      out.line(...drawComparison(answer.value, out))
    })
}

export function drawComparison(comparison: Comparison, out: Output): string[] {
  const { style, columns } = out
  const side = (letter: string, { name, status, durationMs, tokens, costUsd, runId }: Comparison['a']) =>
    cut(
      escapeLine(
        `${letter}  ${name} ${status}  ${formatMs(durationMs)}  ${formatCount(tokens)} tokens  ${formatUsd(costUsd)}  ${runId ?? ''}`,
      ),
      columns,
    )
  const { totals } = comparison
  const sums = (['shared', 'same', 'changed', 'added', 'removed', 'slower', 'faster', 'dearer', 'cheaper'] as const)
    .filter((name) => totals[name] > 0)
    .map((name) => `${totals[name]} ${name}`)
  const lines = [side('A', comparison.a), side('B', comparison.b), style('bold', sums.join('  ·  '))]
  for (const { text } of comparison.highlights) lines.push(cut(`→ ${escapeLine(text.slice(0, 1_000))}`, columns))
  const rows = comparison.rows.map((row) => [
    SIGNS[row.verdict] ?? '?',
    `${'  '.repeat(Math.min(row.depth, 10))}${escapeLine(row.name)}`,
    formatMs(row.a?.durationMs ?? null),
    formatMs(row.b?.durationMs ?? null),
    row.difference === undefined || row.difference.costUsd === '0' ? '' : signed(row.difference.costUsd),
    escapeLine(whatOf(row)).slice(0, 300),
  ])
  const paint = (text: string, at: number, column: number) => {
    if (at < 0) return style('dim', text)
    const name = STYLES[comparison.rows[at]?.verdict ?? '']
    return name === undefined || (column > 1 && column < 5) ? text : style(name, text)
  }
  lines.push('', ...drawTable(COLUMNS, rows, { width: columns, paint }))
  if (comparison.rowsLeftOut > 0) lines.push(style('dim', `${plural(comparison.rowsLeftOut, 'row')} left out`))
  return lines
}

const signed = (usd: string | null) => (usd === null || usd.startsWith('-') ? formatUsd(usd) : `+${formatUsd(usd)}`)

function whatOf({ verdict, changes, speed, price, a, b }: ComparedRow): string {
  const error = b?.error ?? a?.error
  const parts: string[] = [...(changes ?? []), speed, price].filter((part) => part !== undefined)
  if (verdict === 'shared') return 'same checkpoint'
  if (error !== undefined && (verdict !== 'same' || changes?.includes('error'))) parts.push(`${error.type}: ${error.message}`)
  return parts.join(', ')
}
