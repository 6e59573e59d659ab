// Anthropic's client, instrumented by OpenInference: nothing of Cairn's in it.
import Anthropic from '@anthropic-ai/sdk'
import { setSession, setUser } from '@arizeai/openinference-core'
import { AnthropicInstrumentation } from '@arizeai/openinference-instrumentation-anthropic'
import { context, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { callAnthropic } from '../anthropic-calls.mjs'

const exporter = new OTLPTraceExporter({
  url: `${process.env.COLLECTOR_URL}/v1/traces`,
  headers: { authorization: `Bearer ${process.env.CAIRN_API_KEY}` },
})
const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'openinference-anthropic' }),
  spanProcessors: [new BatchSpanProcessor(exporter)],
})
provider.register()
new AnthropicInstrumentation({ tracerProvider: provider }).manuallyInstrument(Anthropic)

const client = new Anthropic({ baseURL: process.env.MODEL_URL, apiKey: 'sk-test', maxRetries: 0 })
const ofAda = setUser(setSession(context.active(), { sessionId: 'hike-1' }), { userId: 'ada' })
const answer = await context.with(ofAda, () =>
  trace.getTracer('app').startActiveSpan('ask', async (span) => {
    const calls = await callAnthropic(client)
    span.end()
    return { traceId: span.spanContext().traceId, ...calls }
  }),
)
await provider.forceFlush()
await provider.shutdown()
process.stdout.write(`${JSON.stringify(answer)}\n`)
