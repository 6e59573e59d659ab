import { z } from 'zod'
import { TRACE_ID_SHAPE, UUID_SHAPE } from './id-shapes.ts'

/** A run's id: UUIDv7, lower case. */
export const RunId = z.string().regex(UUID_SHAPE, 'must be a lower-case UUID').brand<'RunId'>()
export type RunId = z.infer<typeof RunId>

/** 16 bytes as 32 lower-case hexadecimal digits, as in OpenTelemetry. */
export const TraceId = z.string().regex(TRACE_ID_SHAPE, 'must be 32 hexadecimal digits').brand<'TraceId'>()
export type TraceId = z.infer<typeof TraceId>

/** 8 bytes as 16 lower-case hexadecimal digits, as in OpenTelemetry. */
export const SpanId = z
  .string()
  .regex(/^[0-9a-f]{16}$/, 'must be 16 hexadecimal digits')
  .brand<'SpanId'>()
export type SpanId = z.infer<typeof SpanId>

/** Chosen by the worker process, unique for each start of one. */
export const WorkerId = z.string().min(1).max(200).brand<'WorkerId'>()
export type WorkerId = z.infer<typeof WorkerId>

/** RFC 3339 in UTC, up to nanoseconds. */
export const Timestamp = z.iso.datetime({ offset: true })
export type Timestamp = z.infer<typeof Timestamp>
