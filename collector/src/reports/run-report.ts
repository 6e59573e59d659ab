import {
  type ClickHouseClient,
  COST_COLUMNS,
  costReport,
  FAILURES_COLUMNS,
  failuresReport,
  LATENCY_COLUMNS,
  latencyReport,
  type ReportInput,
  type ReportRow,
  SAVINGS_COLUMNS,
  savingsReport,
  TOOLS_COLUMNS,
  toolsReport,
} from '@cairn/clickhouse'
import type { Report, ReportDimension, ReportName, ReportQuery } from '@cairn/sdk/protocol'
import { Decimal } from 'decimal.js'
import { CollectorError } from '../errors.ts'
import { parseFilter } from './parse-filter.ts'

interface Definition {
  readonly ask: (client: ClickHouseClient, input: ReportInput) => Promise<ReportRow[]>
  readonly columns: readonly string[]
  readonly groupBy: ReportDimension[]
}

const REPORTS: Readonly<Record<ReportName, Definition>> = {
  cost: { ask: costReport, columns: COST_COLUMNS, groupBy: ['model'] },
  latency: { ask: latencyReport, columns: LATENCY_COLUMNS, groupBy: ['agent'] },
  tools: { ask: toolsReport, columns: TOOLS_COLUMNS, groupBy: ['tool'] },
  failures: { ask: failuresReport, columns: FAILURES_COLUMNS, groupBy: ['agent'] },
  savings: { ask: savingsReport, columns: SAVINGS_COLUMNS, groupBy: ['agent'] },
}
const DEFAULT_DAYS = 30
const DAY_MS = 86_400_000

/** Answers a report for a project. Totals are asked of the store too: percentiles have no sum. */
export async function runReport(client: ClickHouseClient, projectId: string, name: ReportName, query: ReportQuery): Promise<Report> {
  const { ask, columns, groupBy: usual } = REPORTS[name]
  const to = query.to ?? new Date().toISOString()
  const from = query.from ?? new Date(Date.parse(to) - DEFAULT_DAYS * DAY_MS).toISOString()
  if (Date.parse(from) >= Date.parse(to)) throw new CollectorError('invalid_request', 'query.from must be before query.to.')
  const groupBy = [...new Set(query.groupBy ?? usual)]
  const input = { projectId, groupBy, from, to, filter: parseFilter(query.filter ?? '') }
  const [rows, all] = await Promise.all([ask(client, input), name === 'failures' ? null : ask(client, { ...input, groupBy: [] })])
  return { report: name, groupBy, from, to, columns: [...columns], rows, totals: all === null ? sumFailures(rows) : (all[0] ?? {}) }
}

/** Failures stay apart by cause, so their total is the sum of the rows. */
function sumFailures(rows: readonly ReportRow[]): ReportRow {
  const isKnown = rows.every((row) => row.costLost !== null)
  return {
    failures: rows.reduce((sum, row) => sum + Number(row.failures), 0),
    costLost: isKnown ? Decimal.sum(0, ...rows.map((row) => String(row.costLost))).toFixed() : null,
  }
}
