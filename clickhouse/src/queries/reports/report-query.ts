import { ClickHouseStoreError } from '../../errors.ts'

/** What a report may be grouped and filtered by → its expression over a row of `spans`. */
export const SPAN_DIMENSIONS = {
  model: 'spans.model',
  provider: 'spans.provider',
  agent: 'spans.agent',
  version: 'spans.agent_version',
  tool: 'spans.tool_name',
  step: 'spans.step_key',
  kind: 'spans.kind',
  user: 'spans.user_id',
  session: 'spans.session_id',
  day: "formatDateTime(spans.start_time, '%Y-%m-%d', 'UTC')",
  hour: "formatDateTime(spans.start_time, '%Y-%m-%dT%H:00:00Z', 'UTC')",
  environment: 'spans.environment',
  service: 'spans.service',
  status: 'spans.status',
} as const

/** The same, over a row of `runs`. */
export const RUN_DIMENSIONS = {
  agent: 'runs.agent',
  version: 'runs.agent_version',
  step: 'runs.failed_step',
  user: 'runs.user_id',
  session: 'runs.session_id',
  day: "formatDateTime(runs.created_at, '%Y-%m-%d', 'UTC')",
  hour: "formatDateTime(runs.created_at, '%Y-%m-%dT%H:00:00Z', 'UTC')",
  status: 'runs.status',
} as const

export type SpanDimension = keyof typeof SPAN_DIMENSIONS

export interface ReportInput {
  readonly projectId: string
  readonly groupBy: readonly SpanDimension[]
  /** RFC 3339; from inclusive, to exclusive. */
  readonly from: string
  readonly to: string
  /** Values of one dimension are alternatives. */
  readonly filter: Readonly<Partial<Record<SpanDimension, readonly string[]>>>
}

/** Rows of more groups than a person reads: the dearest, slowest or most frequent come first. */
const MOST_GROUPS = 10_000

export interface ReportParts {
  /** `expression AS g_model, …` */
  readonly select: string
  /** `g_model, …` */
  readonly group: string
  /** Conditions on the project, the time and the filter. */
  readonly where: string
  readonly params: Record<string, unknown>
}

/**
 * The parts of a report's statement. Only expressions of `dimensions` go into its text; values are bound.
 * @throws {ClickHouseStoreError} `invalid`, if the report has no such dimension
 */
export function buildReport(
  input: ReportInput,
  dimensions: Readonly<Partial<Record<SpanDimension, string>>>,
  timeColumn: string,
): ReportParts {
  const expression = (dimension: SpanDimension): string => {
    const found = dimensions[dimension]
    if (found !== undefined) return found
    const known = Object.keys(dimensions).join(', ')
    throw new ClickHouseStoreError('invalid', `This report can't be grouped or filtered by ${dimension}; it can by ${known}.`)
  }
  const params: Record<string, unknown> = { projectId: input.projectId, from: input.from, to: input.to, limit: MOST_GROUPS }
  const where = [
    'project_id = {projectId:UUID}',
    `${timeColumn} >= parseDateTime64BestEffort({from:String}, 9)`,
    `${timeColumn} < parseDateTime64BestEffort({to:String}, 9)`,
  ]
  for (const [dimension, values] of Object.entries(input.filter) as [SpanDimension, readonly string[]][]) {
    params[`f_${dimension}`] = [...values]
    where.push(`${expression(dimension)} IN {f_${dimension}:Array(String)}`)
  }
  return {
    select: input.groupBy.map((dimension) => `${expression(dimension)} AS g_${dimension}`).join(', '),
    group: input.groupBy.map((dimension) => `g_${dimension}`).join(', '),
    where: where.join(' AND '),
    params,
  }
}

/** Values of a row's dimensions, under their own names. */
export function readGroup(row: Readonly<Record<string, unknown>>, groupBy: readonly SpanDimension[]): Record<string, string> {
  return Object.fromEntries(groupBy.map((dimension) => [dimension, String(row[`g_${dimension}`] ?? '')]))
}

export type ReportRow = Record<string, string | number | boolean | null>

export const toNumber = (value: unknown): number => Number(value ?? 0)

/** Quantiles come as numbers, or as nan where nothing was measured. */
export const toMs = (value: unknown): number | null => {
  const ms = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN
  return Number.isFinite(ms) ? Math.round(ms * 1_000) / 1_000 : null
}
