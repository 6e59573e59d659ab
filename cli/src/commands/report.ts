import { REPORT_DIMENSIONS, REPORTS, Report } from '@cairn/sdk/protocol'
import { Argument, type Command, InvalidArgumentError } from 'commander'
import { contextOf } from '../context.ts'
import { parseCount, parseTime } from '../options.ts'
import type { Output, Terminal } from '../terminal.ts'
import { escapeLine } from '../text/escape.ts'
import { formatCount, formatMs, formatTime, formatUsd } from '../text/format.ts'
import { type Column, drawTable } from '../text/table.ts'
import { download } from './download.ts'

interface ReportOptions {
  readonly groupBy?: string
  readonly from?: string
  readonly to?: string
  readonly filter?: string
  readonly csv?: boolean
  readonly out?: string
  readonly force?: boolean
  readonly limit: number
}

export function addReport(program: Command, terminal: Terminal): void {
  program
    .command('report')
    .description('sums over runs and their spans')
    .addArgument(new Argument('<report>', 'which').choices(REPORTS))
    .option('--group-by <dimensions>', `up to three by comma: ${REPORT_DIMENSIONS.join(', ')}`, dimensions)
    .option('--from <time>', 'since: 2h, 7d, or a date (default: 30 days before --to)')
    .option('--to <time>', 'until (default: now)')
    .option('--filter <filter>', 'as in agent:research model:"gpt 5"')
    .option('-n, --limit <n>', 'at most so many rows in the table', parseCount, 50)
    .option('--csv', 'as CSV, exact and whole')
    .option('-o, --out <file>', 'with --csv: into this file')
    .option('--force', 'replace the file')
    .action(async (report: string, options: ReportOptions, command: Command) => {
      const context = contextOf(terminal, command)
      const { api, out } = context
      const query = {
        groupBy: options.groupBy,
        from: options.from === undefined ? undefined : parseTime(options.from, out.now),
        to: options.to === undefined ? undefined : parseTime(options.to, out.now),
        filter: options.filter,
      }
      const path = `/api/v1/reports/${report}`
      if (options.csv) return download(context, path, { ...query, format: 'csv' }, { file: options.out, force: options.force })
      const answer = await api.get(path, Report, query)
      if (out.json) return out.document(answer.raw)
      out.line(...drawReport(answer.value, out, options.limit))
    })
}

function dimensions(text: string): string {
  for (const name of text.split(','))
    if (!(REPORT_DIMENSIONS as readonly string[]).includes(name))
      throw new InvalidArgumentError(`Dimensions are ${REPORT_DIMENSIONS.join(', ')}.`)
  return text
}

type Cell = Report['rows'][number][string] | undefined

export function drawReport(report: Report, out: Output, limit: number): string[] {
  const { style, columns: width } = out
  if (report.rows.length === 0) return ['Nothing in this range.']
  // "priced" is said in the money itself.
  const figures = report.columns.filter((name) => name !== 'priced')
  const columns: Column[] = [
    ...report.groupBy.map((name) => ({ title: name.toUpperCase(), min: 10, max: 40 })),
    ...figures.map((name, i) =>
      TEXT.test(name)
        ? { title: titleOf(name), min: 10, max: 48, drop: 1 }
        : { title: titleOf(name), align: 'right' as const, drop: i + 1 },
    ),
  ]
  const cells = (row: Report['rows'][number]) => figures.map((name) => formatCell(name, row[name], out.now))
  const shown = report.rows.slice(0, limit)
  const rows = shown.map((row) => [
    ...report.groupBy.map((name) => escapeLine(String(row[name] ?? '').slice(0, 200)) || '(none)'),
    ...cells(row),
  ])
  const total = [...report.groupBy.map((_, i) => (i === 0 ? 'total' : '')), ...cells(report.totals)]
  const paint = (text: string, row: number) => (row < 0 ? style('dim', text) : row === rows.length ? style('bold', text) : text)
  const lines = drawTable(columns, [...rows, total], { width, paint })
  if (report.rows.length > limit) lines.push(style('dim', `${report.rows.length - limit} more rows: --limit or --csv`))
  return lines
}

const TEXT = /^(errorGroup|errorType|errorMessage|lastError)$/
const MONEY = /cost|usd$/i

const titleOf = (name: string) =>
  name
    .replace(/(Ms|Usd)$/, '')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toUpperCase()

function formatCell(name: string, value: Cell, now: number): string {
  if (value === null && MONEY.test(name)) return 'no price'
  if (value === undefined || value === null) return '–'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') {
    if (MONEY.test(name)) return formatUsd(value)
    return /Seen$/.test(name) ? formatTime(value, now) : escapeLine(value.slice(0, 200))
  }
  if (/Ms$/.test(name)) return formatMs(value)
  return /Rate$/.test(name) ? `${(value * 100).toFixed(1)} %` : formatCount(value)
}
