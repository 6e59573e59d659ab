// Vercel's AI SDK with its own telemetry, sending OTLP JSON: nothing of Cairn's in it.
import { createOpenAI } from '@ai-sdk/openai'
import { OpenTelemetry } from '@ai-sdk/otel'
import { trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { generateText, registerTelemetry } from 'ai'

const exporter = new OTLPTraceExporter({
  url: `${process.env.COLLECTOR_URL}/v1/traces`,
  headers: { authorization: `Bearer ${process.env.CAIRN_API_KEY}` },
})
const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'ai-sdk' }),
  spanProcessors: [new BatchSpanProcessor(exporter)],
})
provider.register()
registerTelemetry(new OpenTelemetry())

const openai = createOpenAI({ baseURL: `${process.env.MODEL_URL}/v1`, apiKey: 'sk-test' })
const answer = await trace.getTracer('app').startActiveSpan('ask', async (span) => {
  const result = await generateText({
    model: process.env.API === 'chat' ? openai.chat(process.env.MODEL ?? 'gpt-4o-mini') : openai(process.env.MODEL ?? 'gpt-4o-mini'),
    system: 'You are terse.',
    prompt: 'Why do cairns mark trails?',
    maxRetries: 0,
    experimental_telemetry: { isEnabled: true, functionId: 'trail-helper' },
  })
  span.end()
  return { traceId: span.spanContext().traceId, text: result.text, usage: result.totalUsage ?? result.usage }
})
await provider.forceFlush()
await provider.shutdown()
process.stdout.write(`${JSON.stringify(answer)}\n`)
