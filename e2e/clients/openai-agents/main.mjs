// OpenAI's agents SDK, instrumented by OpenInference: nothing of Cairn's in it.
import { OpenAIAgentsInstrumentation } from '@arizeai/openinference-instrumentation-openai-agents'
import * as agents from '@openai/agents'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import OpenAI from 'openai'
import { z } from 'zod'

const exporter = new OTLPTraceExporter({
  url: `${process.env.COLLECTOR_URL}/v1/traces`,
  headers: { authorization: `Bearer ${process.env.CAIRN_API_KEY}` },
})
let traceId
const onStart = (span) => (traceId ??= span.spanContext().traceId)
const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'openai-agents' }),
  spanProcessors: [new BatchSpanProcessor(exporter), { onStart, onEnd() {}, forceFlush: async () => {}, shutdown: async () => {} }],
})
provider.register()
new OpenAIAgentsInstrumentation({ tracerProvider: provider }).manuallyInstrument(agents)

const client = (headers = {}) =>
  new OpenAI({ baseURL: `${process.env.MODEL_URL}/v1`, apiKey: 'sk-test', maxRetries: 0, defaultHeaders: headers })
const weather = agents.tool({
  name: 'weather',
  description: 'Weather at a place',
  parameters: z.object({ query: z.string() }),
  execute: async () => 'rain',
})
const makeAgent = (headers) =>
  new agents.Agent({
    name: 'guide',
    instructions: 'You are terse. You know the paths of Skye, their stones and their weather. '.repeat(12),
    model: new agents.OpenAIResponsesModel(client(headers), process.env.MODEL ?? 'gpt-5-mini'),
    tools: [weather],
  })
const answer = await agents.withTrace(
  'ask',
  async () => {
    const result = await agents.run(makeAgent(), 'What is the weather in Oban?')
    const error = await agents.run(makeAgent({ 'x-sim': 'context_length' }), 'Too long.').then(
      () => undefined,
      (cause) => cause.message,
    )
    return { texts: [result.finalOutput], error }
  },
  { groupId: 'hike-1' },
)
await provider.forceFlush()
await provider.shutdown()
process.stdout.write(`${JSON.stringify({ traceId, ...answer })}\n`)
