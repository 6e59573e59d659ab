import { formatCost, formatMs } from '../text/format.ts'
import type { Row } from '../waterfall/build-rows.ts'
import { judgeErrors } from '../waterfall/judge-errors.ts'
import { clip } from './untrusted.ts'

const LABEL = 120
const PREVIEW = 120
const ERROR = 400
const MOST_ERRORS = 20

export interface CompactPage {
  readonly lines: string[]
  /** Row to go on from, null at the end. */
  readonly nextOffset: number | null
}

/** Rows of the tree as one line each, as many as fit into `chars`; at least one, so that paging always ends. */
export function compactRows(rows: readonly Row[], { offset, chars }: { offset: number; chars: number }): CompactPage {
  const lines: string[] = []
  let used = 0
  for (let i = offset; i < rows.length; i++) {
    const row = rows[i]
    if (row === undefined) break
    const line = compactRow(row)
    if (lines.length > 0 && used + line.length + 1 > chars) return { lines, nextOffset: i }
    lines.push(line)
    used += line.length + 1
  }
  return { lines, nextOffset: null }
}

const oneLine = (text: string, chars: number) => clip(text, chars).replace(/\s+/g, ' ')

function compactRow({ span, depth, label, kind, outcome, isCheckpoint, execution, fromMs, toMs, spanId }: Row): string {
  const indent = depth <= 12 ? '  '.repeat(depth) : `${'  '.repeat(12)}(depth ${depth}) `
  const facts = [
    kind,
    ...(execution === undefined ? [] : [`execution ${execution}`]),
    ...(span?.model ? [oneLine(span.model, 60)] : []),
    formatMs(toMs - fromMs),
    ...(span?.billable ? [`${span.usage.total} tok`, formatCost(span.cost)] : []),
    ...(outcome === 'ok' ? (isCheckpoint ? ['checkpoint'] : []) : [outcome.toUpperCase()]),
  ]
  const texts = [
    ...(span !== undefined && (span.errorType !== '' || span.errorMessage !== '') && outcome !== 'ok'
      ? [`error: ${oneLine(`${span.errorType}: ${span.errorMessage}`, ERROR)}`]
      : []),
    ...(span?.inputPreview && kind !== 'agent' ? [`in: ${oneLine(span.inputPreview, PREVIEW)}`] : []),
    ...(span?.outputPreview && kind !== 'agent' ? [`out: ${oneLine(span.outputPreview, PREVIEW)}`] : []),
  ]
  return `${indent}[${spanId}] ${oneLine(label, LABEL)} (${facts.join(', ')})${texts.length > 0 ? ` ${texts.join(' | ')}` : ''}`
}

export interface CompactError {
  readonly spanId: string
  readonly step: string
  readonly execution: number
  readonly outcome: string
  /** It did not fail the run. */
  readonly recovered: boolean
  readonly error: string
}

/** What failed: first what failed the run, the cause before what it made fail; last what the run recovered from. */
export function compactErrors(rows: readonly Row[], failedStep: string | null = null): CompactError[] {
  return judgeErrors(rows, failedStep)
    .slice(0, MOST_ERRORS)
    .map(({ row, recovered }) => ({
      spanId: row.spanId,
      step: oneLine(row.label, LABEL),
      execution: row.span?.execution ?? 0,
      outcome: row.outcome,
      recovered,
      error: oneLine([row.span?.errorType, row.span?.errorMessage].filter((part) => part).join(': '), ERROR),
    }))
}

/** A span (by id, or a step by its key) with what is above and below it; undefined if it isn't there. */
export function focusRows(rows: readonly Row[], focus: string): Row[] | undefined {
  const at = rows.findLastIndex((row) => row.spanId === focus || row.label === focus)
  const row = rows[at]
  if (row === undefined) return undefined
  const above: Row[] = []
  for (let i = at - 1, depth = row.depth; i >= 0 && depth > 0; i--) {
    const candidate = rows[i]
    if (candidate !== undefined && candidate.depth < depth) {
      above.unshift(candidate)
      depth = candidate.depth
    }
  }
  const below: Row[] = []
  for (let i = at + 1; i < rows.length; i++) {
    const candidate = rows[i]
    if (candidate === undefined || candidate.depth <= row.depth) break
    below.push(candidate)
  }
  return [...above, row, ...below]
}
