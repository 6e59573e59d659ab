// The `openai` client, instrumented by OpenTelemetry itself: nothing of Cairn's in it.
import { createRequire } from 'node:module'
import { context, logs, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { OpenAIInstrumentation } from '@opentelemetry/instrumentation-openai'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { callOpenAi } from '../openai-calls.mjs'

const headers = { authorization: `Bearer ${process.env.CAIRN_API_KEY}` }
const exporter = new OTLPTraceExporter({ url: `${process.env.COLLECTOR_URL}/v1/traces`, headers })
const logExporter = new OTLPLogExporter({ url: `${process.env.COLLECTOR_URL}/v1/logs`, headers })
const resource = resourceFromAttributes({ 'service.name': 'otel-openai' })
// Messages come as log records.
const loggerProvider = new LoggerProvider({ resource, processors: [new BatchLogRecordProcessor({ exporter: logExporter })] })
logs.setGlobalLoggerProvider(loggerProvider)
const provider = new TracerProvider({ resource, spanProcessors: [new BatchSpanProcessor({ exporter })] })
context.setGlobalContextManager(new AsyncLocalStorageContextManager())
trace.setGlobalTracerProvider(provider)
registerInstrumentations({ instrumentations: [new OpenAIInstrumentation({ captureMessageContent: true })] })
// It patches what is required after it.
const OpenAI = createRequire(import.meta.url)('openai')

const client = new OpenAI({ baseURL: `${process.env.MODEL_URL}/v1`, apiKey: 'sk-test', maxRetries: 0 })
const answer = await trace
  .getTracer('app')
  .startActiveSpan('ask', { attributes: { 'session.id': 'hike-1', 'user.id': 'ada' } }, async (span) => {
    const calls = await callOpenAi(client)
    span.end()
    return { traceId: span.spanContext().traceId, ...calls }
  })
await provider.forceFlush()
await provider.shutdown()
await loggerProvider.shutdown()
process.stdout.write(`${JSON.stringify(answer)}\n`)
