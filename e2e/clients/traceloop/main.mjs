// The `openai` and Anthropic clients (PROVIDER), instrumented by Traceloop: nothing of Cairn's in it.
import * as anthropicModule from '@anthropic-ai/sdk'
import { trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { AnthropicInstrumentation } from '@traceloop/instrumentation-anthropic'
import { OpenAIInstrumentation } from '@traceloop/instrumentation-openai'
import OpenAI from 'openai'
import { callAnthropic } from '../anthropic-calls.mjs'
import { callOpenAi } from '../openai-calls.mjs'

const exporter = new OTLPTraceExporter({
  url: `${process.env.COLLECTOR_URL}/v1/traces`,
  headers: { authorization: `Bearer ${process.env.CAIRN_API_KEY}` },
})
const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'traceloop' }),
  spanProcessors: [new BatchSpanProcessor(exporter)],
})
provider.register()
const openai = new OpenAIInstrumentation()
openai.setTracerProvider(provider)
openai.manuallyInstrument(OpenAI)
const anthropic = new AnthropicInstrumentation()
anthropic.setTracerProvider(provider)
anthropic.manuallyInstrument(anthropicModule)

// What Traceloop's own withWorkflow() does.
const attributes = {
  'traceloop.span.kind': 'workflow',
  'traceloop.entity.name': 'guide',
  'traceloop.association.properties.session_id': 'hike-1',
  'traceloop.association.properties.user_id': 'ada',
}
const answer = await trace.getTracer('app').startActiveSpan('guide.workflow', { attributes }, async (span) => {
  const calls =
    process.env.PROVIDER === 'anthropic'
      ? await callAnthropic(new anthropicModule.Anthropic({ baseURL: process.env.MODEL_URL, apiKey: 'sk-test', maxRetries: 0 }))
      : await callOpenAi(new OpenAI({ baseURL: `${process.env.MODEL_URL}/v1`, apiKey: 'sk-test', maxRetries: 0 }))
  span.end()
  return { traceId: span.spanContext().traceId, ...calls }
})
await provider.forceFlush()
await provider.shutdown()
process.stdout.write(`${JSON.stringify(answer)}\n`)
