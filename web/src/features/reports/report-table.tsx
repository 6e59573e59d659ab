import type { Report } from '@cairn/sdk/protocol'
import { Link } from '@/ui/link'
import { Scroller } from '@/ui/scroller'
import { Empty } from '@/ui/states'

type Cell = Report['rows'][number][string]

export interface Column {
  readonly name: string
  readonly label: string
  readonly format?: ((value: Cell, row: Report['rows'][number]) => string) | undefined
}

/** The rows of a report: its dimensions, then its figures. */
export function ReportTable({ report, columns, caption }: { report: Report; columns: readonly Column[]; caption: string }) {
  if (report.rows.length === 0)
    return (
      <Empty title="Nothing in this range">
        Calls of models and tools are here as soon as their spans arrive. Choose a longer range, or see{' '}
        <Link href="/settings" className="text-accent underline">
          Settings
        </Link>{' '}
        for the lines that send them.
      </Empty>
    )
  return (
    <Scroller label={caption}>
      <table className="tabular w-full text-left">
        <caption className="sr-only">{caption}</caption>
        <thead className="border-b text-2xs text-muted">
          <tr>
            {report.groupBy.map((name) => (
              <th key={name} scope="col" className="px-4 py-2 font-normal">
                {name}
              </th>
            ))}
            {columns.map((column) => (
              <th key={column.name} scope="col" className="whitespace-nowrap px-4 py-2 text-right font-normal">
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.rows.map((row) => (
            <tr key={report.groupBy.map((name) => row[name]).join('\u0000')} className="border-b last:border-b-0 hover:bg-raised">
              {report.groupBy.map((name) => (
                <td key={name} className="max-w-80 truncate px-4 py-1.5 font-medium" title={String(row[name] ?? '')}>
                  {String(row[name] ?? '') || <span className="font-normal text-muted">none</span>}
                </td>
              ))}
              {columns.map(({ name, format }) => (
                <td key={name} className="whitespace-nowrap px-4 py-1.5 text-right">
                  {format === undefined ? String(row[name] ?? '–') : format(row[name] ?? null, row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  )
}
