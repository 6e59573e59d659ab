import { type ComparedSpanColumns, getComparedSpans } from '@cairn/clickhouse'
import type { CollectorContext } from '../context.ts'
import { CollectorError } from '../errors.ts'

/** A span as a comparison reads it. Times in nanoseconds, cost in US dollars / 10^12, texts as fingerprints ('': none). */
export interface ComparedSpan {
  /** Hexadecimal. */
  readonly id: string
  readonly parent: bigint
  readonly number: bigint
  readonly start: bigint
  readonly duration: bigint
  readonly name: string
  readonly kind: string
  readonly status: string
  readonly step: string
  readonly run: string
  readonly model: string
  readonly modelRequest: string
  readonly errorType: string
  readonly errorMessage: string
  readonly interrupted: boolean
  readonly billable: boolean
  readonly priced: boolean
  readonly execution: number
  readonly tokens: number
  readonly cost: bigint
  readonly input: string | null
  readonly output: string | null
  readonly parameters: string | null
}

/** @throws {CollectorError} `payload_too_large`, if the trace has more than `most` spans */
export async function spansOfTrace(
  ctx: CollectorContext,
  { projectId, traceId, most }: { projectId: string; traceId: string; most: number },
): Promise<ComparedSpan[]> {
  const { rows, columns } = await getComparedSpans(ctx.clickhouse, { projectId, traceId, limit: most + 1 })
  if (rows > most)
    throw new CollectorError(
      'payload_too_large',
      `Trace ${traceId} has more than ${most.toLocaleString('en')} spans; a comparison reads at most so many a side. Compare its run by=step, or one execution of it.`,
    )
  return Array.from({ length: rows }, (_, row) => toSpan(columns, row))
}

function toSpan(columns: ComparedSpanColumns, row: number): ComparedSpan {
  const word = (column: { readonly words: readonly string[]; readonly indexes: Uint32Array }) =>
    column.words[column.indexes[row] ?? 0] ?? ''
  const print = (column: BigUint64Array) => ((column[row] ?? 0n) === 0n ? null : String(column[row]))
  const number = columns.id[row] ?? 0n
  return {
    id: number.toString(16).padStart(16, '0'),
    number,
    parent: columns.parent[row] ?? 0n,
    start: columns.start[row] ?? 0n,
    duration: columns.duration[row] ?? 0n,
    name: word(columns.name),
    kind: word(columns.kind),
    status: word(columns.status),
    step: word(columns.step),
    run: word(columns.run),
    model: word(columns.model),
    modelRequest: word(columns.modelRequest),
    errorType: word(columns.errorType),
    errorMessage: word(columns.errorMessage),
    interrupted: columns.interrupted[row] === 1,
    billable: columns.billable[row] === 1,
    priced: columns.priced[row] === 1,
    execution: columns.execution[row] ?? 0,
    tokens: Number(columns.tokens[row] ?? 0n),
    cost: columns.cost[row] ?? 0n,
    input: print(columns.input),
    output: print(columns.output),
    parameters: print(columns.parameters),
  }
}
