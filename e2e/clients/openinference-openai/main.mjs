// The `openai` client, instrumented by OpenInference, sending OTLP protobuf: nothing of Cairn's in it.
import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai'
import { trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import OpenAI from 'openai'

const exporter = new OTLPTraceExporter({
  url: `${process.env.COLLECTOR_URL}/v1/traces`,
  headers: { authorization: `Bearer ${process.env.CAIRN_API_KEY}` },
})
const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'openinference-openai' }),
  spanProcessors: [new BatchSpanProcessor(exporter)],
})
provider.register()
const instrumentation = new OpenAIInstrumentation({ tracerProvider: provider })
instrumentation.manuallyInstrument(OpenAI)

const client = new OpenAI({ baseURL: `${process.env.MODEL_URL}/v1`, apiKey: 'sk-test', maxRetries: 0 })
const tracer = trace.getTracer('app')
const answer = await tracer.startActiveSpan('ask', async (span) => {
  const completion = await client.chat.completions.create({
    model: process.env.MODEL ?? 'gpt-4o-mini',
    messages: [
      { role: 'system', content: 'You are terse.' },
      { role: 'user', content: 'Why do cairns mark trails?' },
    ],
  })
  span.end()
  return { traceId: span.spanContext().traceId, id: completion.id, text: completion.choices[0].message.content, usage: completion.usage }
})
await provider.forceFlush()
await provider.shutdown()
process.stdout.write(`${JSON.stringify(answer)}\n`)
