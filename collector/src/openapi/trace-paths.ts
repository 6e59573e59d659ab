import {
  FindInTrace,
  FoundInTrace,
  ListTraces,
  ReadSpan,
  ReadSpanPart,
  ReadTranscript,
  SPAN_TABLE_TYPE,
  Span,
  SpanPart,
  Trace,
  TraceOutline,
  TracePage,
  Transcript,
} from '@cairn/sdk/protocol'
import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { json, operation } from './operation.ts'

const traceId = z.object({ traceId: z.string() })
const spanPath = z.object({ traceId: z.string(), spanId: z.string() })

/** Traces and their spans. */
export const TRACE_PATHS: ZodOpenApiPathsObject = {
  '/api/v1/traces': {
    get: operation({ summary: 'List traces, newest first', query: ListTraces, answers: { '200': json(TracePage) } }),
  },
  '/api/v1/traces/{traceId}': { get: operation({ summary: 'A trace whole', path: traceId, answers: { '200': json(Trace) } }) },
  '/api/v1/traces/{traceId}/summary': {
    get: operation({
      summary: 'A trace without large text, and what goes on in it',
      path: traceId,
      answers: { '200': json(TraceOutline) },
    }),
  },
  '/api/v1/traces/{traceId}/spans/{spanId}': {
    get: operation({
      summary: 'A span whole; with maxChars its large parts come cut',
      path: spanPath,
      query: ReadSpan,
      answers: { '200': json(Span) },
    }),
  },
  '/api/v1/traces/{traceId}/spans/{spanId}/part': {
    get: operation({
      summary: 'A piece of one value of a span: the rest of what came cut',
      path: spanPath,
      query: ReadSpanPart,
      answers: { '200': json(SpanPart) },
    }),
  },
  '/api/v1/traces/{traceId}/transcript': {
    get: operation({
      summary: 'The trace as a conversation: every message once, tool calls, errors, crashes, executions',
      path: traceId,
      query: ReadTranscript,
      answers: { '200': json(Transcript) },
    }),
  },
  '/api/v1/traces/{traceId}/table': {
    get: operation({
      summary: 'The spans of a trace as flat columns, in frames; 304 with If-None-Match where none has changed',
      path: traceId,
      answers: { '200': { description: 'Frames', content: { [SPAN_TABLE_TYPE]: { schema: z.string().meta({ format: 'binary' }) } } } },
    }),
  },
  '/api/v1/traces/{traceId}/find': {
    get: operation({
      summary: 'Which spans have a text in their inputs, outputs, attributes or errors',
      path: traceId,
      query: FindInTrace,
      answers: { '200': json(FoundInTrace) },
    }),
  },
}
