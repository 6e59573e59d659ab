import { RunPage, type RunSummary } from '@cairn/sdk/protocol'
import type { Command } from 'commander'
import type { ApiClient, Query } from '../api/client.ts'
import { contextOf } from '../context.ts'
import { addFilterOptions, type FilterOptions, parseCount, toRunFilter } from '../options.ts'
import type { Output, Terminal } from '../terminal.ts'
import { escapeLine } from '../text/escape.ts'
import { durationMs, formatCost, formatMs, formatTime } from '../text/format.ts'
import { statusStyle } from '../text/style.ts'
import { type Column, drawTable, fitsWhole } from '../text/table.ts'

const PAGE = 200
const DEFAULT_LIMIT = 25

interface ListOptions extends FilterOptions {
  readonly limit: number
  readonly cursor?: string
}

export function addRunsList(runs: Command, terminal: Terminal): void {
  addFilterOptions(runs.command('list').alias('ls'))
    .description('runs, newest first')
    .option('-n, --limit <n>', 'how many', parseCount, DEFAULT_LIMIT)
    .option('--cursor <cursor>', 'go on where a list ended: its nextCursor')
    .action(async (options: ListOptions, command: Command) => {
      const { api, out } = contextOf(terminal, command)
      const page = await listRuns(api, toRunFilter(options, out.now), { limit: options.limit, cursor: options.cursor })
      if (out.json) return out.document({ items: page.raw, nextCursor: page.nextCursor })
      if (page.items.length === 0) return out.line('No runs match. Start one from your agent, or look with fewer filters.')
      out.line(...drawRuns(page.items, out))
      if (page.nextCursor !== null) out.note(`There are more: --limit ${options.limit * 2}, or --cursor ${escapeLine(page.nextCursor)}`)
    })
}

/** Up to `limit` runs, over as many pages as that takes. */
export async function listRuns(
  api: ApiClient,
  filter: Query,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ items: RunSummary[]; raw: unknown[]; nextCursor: string | null }> {
  const items: RunSummary[] = []
  const raw: unknown[] = []
  let next: string | null = cursor ?? null
  do {
    const page: { value: RunPage; raw: unknown } = await api.get('/api/v1/runs', RunPage, {
      ...filter,
      limit: Math.min(PAGE, limit - items.length),
      cursor: next ?? undefined,
    })
    items.push(...page.value.items)
    raw.push(...((page.raw as { items: unknown[] }).items ?? []))
    next = page.value.nextCursor
  } while (next !== null && items.length < limit)
  return { items, raw, nextCursor: next }
}

const COLUMNS: readonly Column[] = [
  { title: 'RUN' },
  { title: 'STATUS' },
  { title: 'AGENT', min: 10, max: 30 },
  { title: 'STARTED', drop: 1 },
  { title: 'TOOK', align: 'right', drop: 2 },
  { title: 'STEPS', align: 'right', drop: 4 },
  { title: 'COST', align: 'right', drop: 3 },
  { title: 'WHY', min: 16, drop: 5 },
]
/** As pages shorten an id; every command takes it. */
const SHORT_ID = 8

export function drawRuns(runs: readonly RunSummary[], out: Output): string[] {
  const whole = toRows(runs, out, (id) => id)
  // Programs that read the table want ids, and don't say how wide they are.
  if (!out.knowsWidth || fitsWhole(COLUMNS, whole, out.columns)) return drawRows(runs, whole, out)
  return drawRows(
    runs,
    toRows(runs, out, (id) => id.slice(-SHORT_ID)),
    out,
  )
}

const toRows = (runs: readonly RunSummary[], out: Output, shorten: (id: string) => string): string[][] =>
  runs.map((run) => [
    shorten(run.id),
    run.status,
    escapeLine(run.version === null ? run.agent : `${run.agent} v${run.version}`),
    formatTime(run.startedAt ?? run.createdAt, out.now),
    formatMs(durationMs(run.startedAt, run.endedAt, out.now)),
    `${run.steps.done}${run.steps.total === undefined ? '' : `/${run.steps.total}`}`,
    formatCost(run.cost),
    escapeLine(whyOf(run)).slice(0, 500),
  ])

const drawRows = (runs: readonly RunSummary[], rows: readonly (readonly string[])[], out: Output): string[] =>
  drawTable(COLUMNS, rows, {
    width: out.columns,
    paint: (text, row, column) => {
      if (row < 0) return out.style('dim', text)
      if (column === 1) return out.style(statusStyle(runs[row]?.status ?? ''), text)
      return column === 0 || column === 7 ? out.style('dim', text) : text
    },
  })

function whyOf({ error, failedStep, statusReason }: RunSummary): string {
  const at = failedStep === null ? '' : ` in ${failedStep.slice(0, 60)}`
  if (error !== null) return `${error.type}${at}: ${error.message}`
  return statusReason ?? ''
}
