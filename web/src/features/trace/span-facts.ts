import { SPAN_FLAGS, type SpanTable } from '@cairn/sdk/protocol'
import { Big } from 'big.js'
import { toVisibleText } from '@/ui/visible-text-model'
import { parentOf, rowOfSpanId } from './trace-index'
import type { TraceData } from './trace-worker'

/** What a line of the waterfall says about a span, in words and numbers. */
export interface SpanFacts {
  /** The step's key on the span that stands for the step, else the span's own name. */
  readonly label: string
  readonly name: string
  readonly kind: string
  /** A word of the table's: empty where there is none. */
  readonly model: string
  readonly isFailed: boolean
  readonly isInterrupted: boolean
  /** It has begun and not ended. */
  readonly goesOn: boolean
  /** Set on the span that stands for an execution of the run. */
  readonly execution: number | null
  /** US dollars; null: no price. Undefined where the span is not billed. */
  readonly usd: string | null | undefined
}

export function wordOf(
  { table }: { table: SpanTable },
  field: 'name' | 'step' | 'agent' | 'model' | 'tool' | 'errorType' | 'run' | 'kind',
  row: number,
): string {
  return table.words[table.columns[field][row] ?? 0] ?? ''
}

const LONGEST_LINE = 300
/** A name in one line, with what can't be seen named: agents and senders choose it. */
const lineOf = (text: string): string => toVisibleText(text.slice(0, LONGEST_LINE))

const PICO = new Big('1e-12')

/** Exact US dollars of a count of 10^-12 dollars. */
export const toUsd = (pico: bigint): string => new Big(pico.toString()).times(PICO).toFixed()

export function factsOf(data: TraceData, row: number): SpanFacts {
  const { table, index } = data
  const { columns } = table
  const flags = columns.flags[row] ?? 0
  const has = (bit: number) => (flags & bit) !== 0
  const step = wordOf(data, 'step', row)
  const above = parentOf(index, row)
  const name = wordOf(data, 'name', row)
  const kind = wordOf(data, 'kind', row)
  const execution = columns.execution[row] ?? 0
  const isPriced = has(SPAN_FLAGS.priced)
  const isBilled = has(SPAN_FLAGS.billable) && ((columns.tokens[row] ?? 0) > 0 || !isPriced)
  return {
    label: lineOf(step !== '' && (above < 0 || wordOf(data, 'step', above) !== step) ? step : name),
    name: lineOf(name),
    kind,
    model: wordOf(data, 'model', row),
    isFailed: has(SPAN_FLAGS.error | SPAN_FLAGS.interrupted),
    isInterrupted: has(SPAN_FLAGS.interrupted),
    goesOn: has(SPAN_FLAGS.open),
    execution: above < 0 && kind === 'agent' && execution > 0 ? execution : null,
    usd: isBilled ? (isPriced ? toUsd(columns.cost[row] ?? 0n) : null) : undefined,
  }
}

/** Positions of spans that failed or were cut off, from top to bottom. */
export function failedPositions({ table, index }: TraceData): Int32Array {
  const { flags } = table.columns
  return index.spanAt
    .map((row, position) => (((flags[row] ?? 0) & (SPAN_FLAGS.error | SPAN_FLAGS.interrupted)) !== 0 ? position : -1))
    .filter((position) => position >= 0)
}

/** The position after `from` (or before it) in a list from top to bottom, going round at the end. */
export function nextPosition(positions: Int32Array, from: number, back = false): number | undefined {
  if (back) return positions.findLast((position) => position < from) ?? positions.at(-1)
  return positions.find((position) => position > from) ?? positions[0]
}

/** The first span of each execution that is a root: where an execution begins in the waterfall. */
export function executionRoots({ table, index }: TraceData): ReadonlyMap<number, number> {
  const roots = new Map<number, number>()
  for (let position = 0; position < index.rows; position = index.end[position] ?? position + 1) {
    const execution = table.columns.execution[index.spanAt[position] ?? 0] ?? 0
    if (execution > 0 && !roots.has(execution)) roots.set(execution, position)
  }
  return roots
}

/** Whether a span has begun and not ended. */
export function goesOn({ table }: TraceData, spanId: string): boolean {
  const row = rowOfSpanId(table.columns, spanId)
  return row >= 0 && ((table.columns.flags[row] ?? 0) & SPAN_FLAGS.open) !== 0
}
