// The `openai` client under Langfuse's OpenTelemetry SDK, its exporter pointed at Cairn: nothing of Cairn's in it.
import { observeOpenAI } from '@langfuse/openai'
import { LangfuseSpanProcessor } from '@langfuse/otel'
import { propagateAttributes, startActiveObservation } from '@langfuse/tracing'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import OpenAI from 'openai'
import { callOpenAi } from '../openai-calls.mjs'

const exporter = new OTLPTraceExporter({
  url: `${process.env.COLLECTOR_URL}/v1/traces`,
  headers: { authorization: `Bearer ${process.env.CAIRN_API_KEY}` },
})
const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'langfuse' }),
  spanProcessors: [new LangfuseSpanProcessor({ exporter, environment: 'test', mediaUploadEnabled: false })],
})
provider.register()

const client = observeOpenAI(new OpenAI({ baseURL: `${process.env.MODEL_URL}/v1`, apiKey: 'sk-test', maxRetries: 0 }))
const answer = await startActiveObservation(
  'guide',
  (agent) =>
    propagateAttributes({ sessionId: 'hike-1', userId: 'ada', tags: ['trail'] }, async () => {
      agent.update({ input: { question: 'Why do cairns mark trails?' } })
      const calls = await callOpenAi(client)
      await startActiveObservation('weather', (tool) => tool.update({ input: { query: 'Oban' }, output: 'rain' }), { asType: 'tool' })
      agent.update({ output: calls.texts[0] })
      return { traceId: agent.traceId, ...calls }
    }),
  { asType: 'agent' },
)
await provider.forceFlush()
await provider.shutdown()
process.stdout.write(`${JSON.stringify(answer)}\n`)
