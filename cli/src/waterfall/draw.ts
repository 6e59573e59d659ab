import { escapeLine } from '../text/escape.ts'
import { formatCost, formatMs } from '../text/format.ts'
import type { Style, StyleName } from '../text/style.ts'
import { cut, fit, widthOf } from '../text/width.ts'
import type { Row } from './build-rows.ts'
import type { Shown } from './select-rows.ts'
import { makeTimeAxis, type TimeAxis } from './time-axis.ts'

export interface DrawOptions {
  readonly columns: number
  readonly style: Style
}

const DURATION = 10
const COST = 11
const MIN_BARS = 12
const GAP = 2
/** Deeper rows are written with their depth as a number instead of more space. */
const MOST_INDENT = 10

const MARKS: Readonly<Record<Row['outcome'], string>> = { ok: '·', error: '✗', interrupted: '▒', open: '▶' }
const BARS: Readonly<Record<Row['outcome'], string>> = { ok: '█', error: '█', interrupted: '▒', open: '░' }
const KIND_STYLES: Readonly<Record<string, StyleName>> = {
  model: 'cyan',
  tool: 'yellow',
  retriever: 'yellow',
  embedding: 'cyan',
  agent: 'blue',
  workflow: 'blue',
  step: 'gray',
}

interface Layout {
  readonly tree: number
  readonly cost: boolean
  readonly bars: number
}

/** The waterfall as lines that fit into `columns`: tree, durations, costs, and bars on one time axis in which long gaps are folded. */
export function drawWaterfall(rows: readonly Row[], shown: readonly Shown[], { columns, style }: DrawOptions): string[] {
  if (rows.length === 0) return []
  const axis = makeTimeAxis(rows.map((row) => [row.fromMs, row.toMs]))
  const labels = shown.map((item) => ('row' in item ? labelOf(item.row) : hiddenLabel(item)))
  const layout = layOut(Math.max(...labels.map(widthOf)), rows.some(hasCost), columns)
  const lines = [...axisLines(rows, axis, layout, style)]
  for (const [i, item] of shown.entries()) {
    const tree = fit(labels[i] ?? '', layout.tree)
    if ('hidden' in item)
      lines.push(style('dim', `${tree}${space(DURATION + (layout.cost ? COST : 0))}${gapMarks(axis, layout)}`.trimEnd()))
    else lines.push(drawRow(item.row, { tree, axis, layout, style }))
  }
  return lines
}

function layOut(natural: number, withCost: boolean, columns: number): Layout {
  const cost = withCost && columns >= 50
  const rest = columns - DURATION - (cost ? COST : 0)
  const tree = Math.max(8, Math.min(natural, rest >= 30 ? Math.floor(rest * 0.5) : rest))
  const bars = rest - tree - GAP
  return { tree: Math.min(tree, rest), cost, bars: bars >= MIN_BARS ? bars : 0 }
}

const space = (n: number) => ' '.repeat(Math.max(0, n))
const hasCost = ({ span }: Row) => span?.billable === true
const indentOf = (depth: number) => (depth <= MOST_INDENT ? space(depth * 2) : `${space(MOST_INDENT * 2)}⋮${depth} `)

function labelOf(row: Row): string {
  const mark = row.isCheckpoint && row.outcome === 'ok' ? '◆' : MARKS[row.outcome]
  const name = cut(escapeLine(row.label), 200) || '(no name)'
  const more = row.execution !== undefined ? `execution ${row.execution} · ` : ''
  const model = row.span?.model && row.span.model !== row.label ? ` ${cut(escapeLine(row.span.model), 40)}` : ''
  return `${indentOf(row.depth)}${mark} ${more}${name}${model}`
}

const hiddenLabel = ({ hidden, depth }: { hidden: number; depth: number }) =>
  `${indentOf(depth)}⋯ ${hidden} more ${hidden === 1 ? 'span' : 'spans'}`

function styleOf(row: Row): StyleName | undefined {
  if (row.outcome === 'error') return 'red'
  if (row.outcome === 'interrupted') return 'magenta'
  if (row.outcome === 'open') return 'green'
  return KIND_STYLES[row.kind]
}

function drawRow(row: Row, { tree, axis, layout, style }: { tree: string; axis: TimeAxis; layout: Layout; style: Style }): string {
  const colour = styleOf(row)
  const paint = (text: string) => (colour === undefined ? text : style(colour, text))
  const duration = fit(formatMs(row.toMs - row.fromMs), DURATION, 'right')
  const cost = layout.cost ? fit(hasCost(row) && row.span ? formatCost(row.span.cost) : '', COST, 'right') : ''
  const head = row.outcome === 'ok' ? (row.depth === 0 ? style('bold', tree) : tree) : paint(tree)
  if (layout.bars === 0) return `${head}${duration}${cost}`.trimEnd()
  const { from, to } = barOf(row, axis, layout.bars)
  const back = gapMarks(axis, layout)
  const bar = (row.children > 0 && row.outcome === 'ok' ? '━' : BARS[row.outcome]).repeat(to - from)
  return `${head}${duration}${cost}${space(GAP)}${style('dim', back.slice(0, from))}${paint(bar)}${style('dim', back.slice(to).trimEnd())}`.trimEnd()
}

/** Columns [from, to) of a bar: at least one, never past the end. */
export function barOf(row: Pick<Row, 'fromMs' | 'toMs'>, axis: TimeAxis, bars: number): { from: number; to: number } {
  const from = Math.min(bars - 1, Math.floor(axis.at(row.fromMs) * bars))
  return { from, to: Math.min(bars, Math.max(from + 1, Math.ceil(axis.at(row.toMs) * bars - 1e-9))) }
}

/** The background of the bars: a dotted line down each folded gap. */
function gapMarks(axis: TimeAxis, { bars }: Layout): string {
  const cells = Array<string>(bars).fill(' ')
  for (const stretch of axis.stretches) if (stretch.folded) cells[gapColumn(stretch, bars)] = '┊'
  return cells.join('')
}

const gapColumn = ({ x0, x1 }: { x0: number; x1: number }, bars: number) => Math.min(bars - 1, Math.floor(((x0 + x1) / 2) * bars))

/** What the axis spans, and how long each gap was: as many labels as have room. */
function axisLines(rows: readonly Row[], axis: TimeAxis, layout: Layout, style: Style): string[] {
  if (layout.bars === 0) return []
  const first = rows.reduce((least, row) => Math.min(least, row.fromMs), Infinity)
  const last = rows.reduce((most, row) => Math.max(most, row.toMs), -Infinity)
  const cells = Array<string>(layout.bars).fill(' ')
  const write = (at: number, text: string) => {
    if (at < 0 || at + text.length > cells.length || cells.slice(Math.max(0, at - 1), at + text.length + 1).some((cell) => cell !== ' '))
      return
    for (const [i, char] of [...text].entries()) cells[at + i] = char
  }
  write(0, '0')
  const total = formatMs(last - first)
  write(layout.bars - total.length, total)
  for (const stretch of axis.stretches) {
    if (!stretch.folded) continue
    const text = `${formatMs(stretch.toMs - stretch.fromMs)} gap`
    write(Math.round(gapColumn(stretch, layout.bars) - text.length / 2), text)
  }
  const heads = `${fit('', layout.tree)}${fit('time', DURATION, 'right')}${layout.cost ? fit('cost', COST, 'right') : ''}${space(GAP)}`
  return [style('dim', `${heads}${cells.join('')}`.trimEnd())]
}
