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

/**
 * The same, over a row of `hourly_stats`, by the grain that has it: a question is answered from the first grain that has all of its
 * dimensions, or from the spans themselves.
 */
const TIME_OF_HOUR = {
  day: "formatDateTime(hourly_stats.hour, '%Y-%m-%d', 'UTC')",
  hour: "formatDateTime(hourly_stats.hour, '%Y-%m-%dT%H:00:00Z', 'UTC')",
}
const GRAINS: Readonly<Record<string, Readonly<Partial<Record<SpanDimension, string>>>>> = {
  model: { ...TIME_OF_HOUR, kind: 'hourly_stats.kind', model: 'hourly_stats.model', provider: 'hourly_stats.provider' },
  tool: { ...TIME_OF_HOUR, kind: 'hourly_stats.kind', tool: 'hourly_stats.tool_name' },
  agent: { ...TIME_OF_HOUR, kind: 'hourly_stats.kind', agent: 'hourly_stats.agent', version: 'hourly_stats.agent_version' },
}

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
  /** `expression AS g_model, ` …, each with its comma. */
  readonly select: string
  /** `GROUP BY g_model, …`; empty: one row for all. */
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
  fromName = 'from',
  toName = 'to',
): ReportParts {
  const expression = (dimension: SpanDimension): string => {
    const found = dimensions[dimension]
    if (found !== undefined) return found
    const known = Object.keys(dimensions).join(', ')
    throw new ClickHouseStoreError('invalid', `This report can't be grouped or filtered by ${dimension}; it can by ${known}.`)
  }
  const params: Record<string, unknown> = { projectId: input.projectId, [fromName]: input.from, [toName]: input.to, limit: MOST_GROUPS }
  const where = [
    'project_id = {projectId:UUID}',
    `${timeColumn} >= parseDateTime64BestEffort({${fromName}:String}, 9)`,
    `${timeColumn} < parseDateTime64BestEffort({${toName}:String}, 9)`,
  ]
  for (const [dimension, values] of Object.entries(input.filter) as [SpanDimension, readonly string[]][]) {
    params[`f_${dimension}`] = [...values]
    where.push(`${expression(dimension)} IN {f_${dimension}:Array(String)}`)
  }
  return {
    select: input.groupBy.map((dimension) => `${expression(dimension)} AS g_${dimension}, `).join(''),
    group: groupOf(input),
    where: where.join(' AND '),
    params,
  }
}

const groupOf = ({ groupBy }: ReportInput): string =>
  groupBy.length === 0 ? '' : `GROUP BY ${groupBy.map((dimension) => `g_${dimension}`).join(', ')}`

/** `g_model, ` …, each with its comma: to select again what a part of the statement selected. */
export const groupColumns = ({ groupBy }: ReportInput): string => groupBy.map((dimension) => `g_${dimension}, `).join('')

/** A question split in two: whole hours from the sums, what is left at both ends from the spans. */
export interface SplitReport {
  readonly hours: ReportParts
  readonly ends: ReportParts
  /** Both have them. */
  readonly params: Record<string, unknown>
}

const HOUR_MS = 3_600_000
const toHour = (ms: number): string => new Date(ms).toISOString()

/**
 * The parts of a question that `hourly_stats` can answer: null where it can't, for its dimensions or since it spans no whole hour.
 * Rows of both parts are of spans that no crash cut off.
 */
export function splitByHour(input: ReportInput, grainsAllowed: readonly string[] = Object.keys(GRAINS)): SplitReport | null {
  const asked = [...input.groupBy, ...(Object.keys(input.filter) as SpanDimension[])]
  const grain = grainsAllowed.find((name) => asked.every((dimension) => GRAINS[name]?.[dimension] !== undefined))
  const dimensions = grain === undefined ? undefined : GRAINS[grain]
  const fromMs = Math.ceil(Date.parse(input.from) / HOUR_MS) * HOUR_MS
  const toMs = Math.floor(Date.parse(input.to) / HOUR_MS) * HOUR_MS
  if (dimensions === undefined || fromMs >= toMs) return null
  const hours = buildReport({ ...input, from: toHour(fromMs), to: toHour(toMs) }, dimensions, 'hourly_stats.hour', 'wholeFrom', 'wholeTo')
  const ends = buildReport(input, SPAN_DIMENSIONS, 'start_time')
  const outside =
    '(start_time < parseDateTime64BestEffort({wholeFrom:String}, 9) OR start_time >= parseDateTime64BestEffort({wholeTo:String}, 9))'
  return {
    hours: { ...hours, where: `${hours.where} AND grain = '${grain}'` },
    ends: { ...ends, where: `${ends.where} AND ${outside} AND spans.version > 0` },
    params: { ...hours.params, ...ends.params },
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
