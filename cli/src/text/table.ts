import { fit, widthOf } from './width.ts'

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** Narrower than this it is left out rather than cut. Default: its whole width. */
  readonly min?: number
  /** Wider than this it is never. Default: no limit. */
  readonly max?: number
  /** Who goes first when there is no room: the highest. Columns of 0 stay whatever happens. */
  readonly drop?: number
}

const GAP = 2

/** Which columns are shown, and how wide: all as wide as they ask if they fit; else the widest give way down to their `min`, then columns go. */
export function layOut(columns: readonly Column[], natural: readonly number[], width: number): (number | undefined)[] {
  const asked = columns.map((column, i) => Math.min(natural[i] ?? 0, column.max ?? Infinity))
  const least = columns.map((column, i) => Math.min(asked[i] ?? 0, column.min ?? Infinity))
  const shown = columns.map(() => true)
  const sum = (widths: readonly number[]) => {
    const kept = widths.filter((_, i) => shown[i])
    return kept.reduce((a, b) => a + b, 0) + GAP * Math.max(0, kept.length - 1)
  }
  while (sum(least) > width) {
    let victim = -1
    for (const [i, column] of columns.entries())
      if (shown[i] && (column.drop ?? 0) > 0 && (victim < 0 || (column.drop ?? 0) >= (columns[victim]?.drop ?? 0))) victim = i
    if (victim < 0) break
    shown[victim] = false
  }
  const widths = [...asked]
  for (let over = sum(widths) - width; over > 0; ) {
    let widest = -1
    for (const i of widths.keys())
      if (
        shown[i] &&
        (widths[i] ?? 0) > (least[i] ?? 0) &&
        (widest < 0 || (widths[i] ?? 0) - (least[i] ?? 0) > (widths[widest] ?? 0) - (least[widest] ?? 0))
      )
        widest = i
    if (widest < 0) break
    widths[widest] = (widths[widest] ?? 0) - 1
    over--
  }
  return widths.map((w, i) => (shown[i] ? w : undefined))
}

const naturalOf = (columns: readonly Column[], rows: readonly (readonly string[])[]): number[] =>
  columns.map((column, i) => rows.reduce((most, row) => Math.max(most, widthOf(row[i] ?? '')), widthOf(column.title)))

/** Whether a table has room for all of its columns. */
export const fitsWhole = (columns: readonly Column[], rows: readonly (readonly string[])[], width: number): boolean =>
  !layOut(columns, naturalOf(columns, rows), width).includes(undefined)

/** Lines of a table that is at most `width` wide, heading first. Cells are escaped already; `paint` colours a cell that has its final width. */
export function drawTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: { readonly width: number; readonly paint?: (text: string, row: number, column: number) => string },
): string[] {
  const widths = layOut(columns, naturalOf(columns, rows), options.width)
  const line = (cells: readonly string[], row: number) => {
    const parts: string[] = []
    const last = widths.findLastIndex((width) => width !== undefined)
    for (const [i, width] of widths.entries()) {
      if (width === undefined) continue
      const text = fit(cells[i] ?? '', width, columns[i]?.align)
      const trimmed = i === last ? text.trimEnd() : text
      parts.push(options.paint?.(trimmed, row, i) ?? trimmed)
    }
    return parts.join(' '.repeat(GAP))
  }
  return [
    line(
      columns.map((column) => column.title),
      -1,
    ),
    ...rows.map((row, i) => line(row, i)),
  ]
}
