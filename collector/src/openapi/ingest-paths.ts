import { EncodedValue } from '@cairn/sdk/protocol'
import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { json } from './operation.ts'

/** The bodies are OTLP's own. */
const otlp = (summary: string) => ({
  post: {
    summary: `${summary}: OTLP/HTTP, protobuf or JSON; gzip, deflate or zstd`,
    requestBody: { content: { 'application/x-protobuf': { schema: z.string() }, 'application/json': { schema: EncodedValue } } },
    responses: {
      '200': { description: 'Stored, with partial_success where a span was refused' },
      default: { description: 'google.rpc.Status' },
    },
  },
})

const StoreState = z.enum(['ok', 'unavailable'])
const Readiness = z.object({ status: StoreState, postgres: StoreState, clickhouse: StoreState })
/** Needs no key. */
const open = (summary: string, answer: { description: string; content: Record<string, { schema: z.ZodType }> }) => ({
  summary,
  security: [],
  responses: { '200': answer },
})

/** What senders and supervisors ask: OTLP, health, metrics. */
export const INGEST_PATHS: ZodOpenApiPathsObject = {
  '/v1/traces': otlp('Receive spans'),
  '/v1/logs': otlp('Receive log records'),
  '/healthz': { get: open('The process lives', json(z.object({ status: z.literal('ok') }))) },
  '/readyz': { get: open('Both stores answer; 503 where one does not', json(Readiness)) },
  '/metrics': { get: open('Prometheus’ text format', { description: 'Metrics', content: { 'text/plain': { schema: z.string() } } }) },
}
