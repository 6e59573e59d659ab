// OpenTelemetry's own exporters (FORMAT=proto or json), sending one agent's trace by the GenAI conventions.
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtoExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'

const Exporter = process.env.FORMAT === 'json' ? JsonExporter : ProtoExporter
const exporter = new Exporter({
  url: `${process.env.COLLECTOR_URL}/v1/traces`,
  headers: { authorization: `Bearer ${process.env.CAIRN_API_KEY}` },
  compression: process.env.COMPRESSION === 'gzip' ? 'gzip' : 'none',
})
const provider = new TracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'trail-service', 'deployment.environment.name': 'test' }),
  spanProcessors: [new BatchSpanProcessor({ exporter })],
})
const tracer = provider.getTracer('app', '1.2.3')

const agent = tracer.startSpan('invoke_agent guide', {
  attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'guide', 'session.id': 'hike-1', 'user.id': 'ada' },
})
const inAgent = trace.setSpan(context.active(), agent)
const chat = tracer.startSpan(
  'chat gpt-4o-mini',
  {
    kind: SpanKind.CLIENT,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o-mini',
      'gen_ai.response.model': 'gpt-4o-mini-2024-07-18',
      'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: 'Why do cairns mark trails?' }] }]),
      'gen_ai.output.messages': JSON.stringify([
        { role: 'assistant', parts: [{ type: 'text', content: 'They endure.' }], finish_reason: 'stop' },
      ]),
      'gen_ai.usage.input_tokens': 1000,
      'gen_ai.usage.output_tokens': 200,
      'gen_ai.usage.cache_read.input_tokens': 400,
      'gen_ai.response.finish_reasons': ['stop'],
    },
  },
  inAgent,
)
chat.end()
const tool = tracer.startSpan(
  'execute_tool map',
  { attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'map', 'gen_ai.tool.call.arguments': '{"place":"Skye"}' } },
  inAgent,
)
tool.recordException(new TypeError('no map of Skye'))
tool.setStatus({ code: SpanStatusCode.ERROR, message: 'no map of Skye' })
tool.end()
agent.end()
await provider.forceFlush()
await provider.shutdown()
process.stdout.write(`${JSON.stringify({ traceId: agent.spanContext().traceId })}\n`)
