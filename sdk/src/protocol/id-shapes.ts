import type { RunId, TraceId } from './ids.ts'

// Apart from the schemas, so that a browser tells ids apart without their parser.

export const UUID_SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
export const TRACE_ID_SHAPE = /^[0-9a-f]{32}$/

export const isRunId = (id: string): id is RunId => UUID_SHAPE.test(id)
export const isTraceId = (id: string): id is TraceId => TRACE_ID_SHAPE.test(id)
