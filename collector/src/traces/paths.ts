import { SpanId, TraceId } from '@cairn/sdk/protocol'
import { z } from 'zod'

export const TracePath = z.object({ traceId: TraceId })
export const SpanPath = z.object({ traceId: TraceId, spanId: SpanId })
