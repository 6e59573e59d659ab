import type { Report } from '@cairn/sdk/protocol'
import { stringify } from 'csv-stringify/sync'

/**
 * A report as CSV (RFC 4180). Text that a spreadsheet would run as a formula is quoted by an apostrophe; numbers stay
 * numbers, negative ones too.
 */
export function toCsv(report: Report): string {
  const columns = [...report.groupBy, ...report.columns]
  const rows = report.rows.map((row) => columns.map((column) => toCell(row[column] ?? null)))
  return stringify([columns, ...rows], { record_delimiter: 'windows' })
}

function toCell(value: string | number | boolean | null): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  return /^[=+\-@\t\r]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value
}
