import { z } from 'zod'
import { Timestamp } from './ids.ts'

export const REPORTS = ['cost', 'latency', 'tools', 'failures', 'savings'] as const
export const ReportName = z.enum(REPORTS)
export type ReportName = z.infer<typeof ReportName>

export const REPORT_DIMENSIONS = [
  'model',
  'provider',
  'agent',
  'version',
  'tool',
  'step',
  'kind',
  'user',
  'session',
  'day',
  'hour',
  'environment',
  'service',
  'status',
] as const
export const ReportDimension = z.enum(REPORT_DIMENSIONS)
export type ReportDimension = z.infer<typeof ReportDimension>

export const ReportQuery = z.object({
  /** One dimension, or several by comma. Default: model for cost, agent for the rest. */
  groupBy: z.preprocess((v) => (typeof v === 'string' ? v.split(',') : v), z.array(ReportDimension).min(1).max(3)).optional(),
  /** Default: 30 days before `to`. */
  from: Timestamp.optional(),
  /** Default: now. */
  to: Timestamp.optional(),
  /** `dimension:value` pairs by space: `agent:research model:gpt-5`. */
  filter: z.string().max(1_000).optional(),
  format: z.enum(['json', 'csv']).default('json'),
})
export type ReportQuery = z.infer<typeof ReportQuery>

/** Rows carry a value for each of `groupBy` under its own name, then the figures of `columns`. */
export const Report = z.object({
  report: ReportName,
  groupBy: z.array(ReportDimension),
  from: Timestamp,
  to: Timestamp,
  columns: z.array(z.string()),
  rows: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))),
  totals: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
})
export type Report = z.infer<typeof Report>
