import type { Step } from '@cairn/sdk/protocol'
import type { Output } from '../terminal.ts'
import { escapeLine } from '../text/escape.ts'
import { durationMs, formatCost, formatMs } from '../text/format.ts'
import { statusStyle } from '../text/style.ts'
import { type Column, drawTable } from '../text/table.ts'

const COLUMNS: readonly Column[] = [
  { title: 'STEP', min: 12, max: 48 },
  { title: 'KIND', drop: 3 },
  { title: 'STATUS' },
  { title: 'EXEC', align: 'right', drop: 4 },
  { title: 'TRY', align: 'right', drop: 5 },
  { title: 'TOOK', align: 'right', drop: 2 },
  { title: 'COST', align: 'right', drop: 2 },
  { title: 'OUTPUT OR ERROR', min: 12, drop: 1 },
]
const PREVIEW = 300

export function drawSteps(steps: readonly Step[], out: Output): string[] {
  if (steps.length === 0) return ['No step of this run has a checkpoint yet.']
  const rows = steps.map((step) => [
    escapeLine(step.key),
    step.kind,
    step.status,
    String(step.execution),
    String(step.attempt),
    step.endedAt === null ? '–' : formatMs(durationMs(step.startedAt, step.endedAt, out.now)),
    formatCost(step.cost),
    escapeLine(step.error === null ? previewOf(step.output) : `${step.error.type}: ${step.error.message.slice(0, PREVIEW)}`),
  ])
  return drawTable(COLUMNS, rows, {
    width: out.columns,
    paint: (text, row, column) => {
      if (row < 0) return out.style('dim', text)
      return column === 2 ? out.style(statusStyle(steps[row]?.status ?? ''), text) : column === 7 ? out.style('dim', text) : text
    },
  })
}

export const previewOf = (value: unknown): string =>
  value === null || value === undefined ? '' : (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, PREVIEW)
