// Vercel's AI SDK with the GenAI conventions' attributes, as they are or with OpenInference's beside them: nothing of Cairn's in it.
import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAI } from '@ai-sdk/openai'
import { OpenTelemetry } from '@ai-sdk/otel'
import { OpenInferenceBatchSpanProcessor } from '@arizeai/openinference-vercel'
import { trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { generateText, isStepCount, registerTelemetry, streamText, tool } from 'ai'
import { z } from 'zod'

const exporter = new OTLPTraceExporter({
  url: `${process.env.COLLECTOR_URL}/v1/traces`,
  headers: { authorization: `Bearer ${process.env.CAIRN_API_KEY}` },
})
const isPlain = process.env.PLAIN === '1'
const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'openinference-ai-sdk' }),
  spanProcessors: [isPlain ? new BatchSpanProcessor(exporter) : new OpenInferenceBatchSpanProcessor({ exporter })],
})
provider.register()
// What its own README recommends beside OpenInference.
registerTelemetry(new OpenTelemetry(isPlain ? {} : { usage: true, providerMetadata: true, runtimeContext: true, toolChoice: true }))

const SYSTEM = 'You are terse. You know the paths of Skye, their stones and their weather. '.repeat(12)
const baseURL = `${process.env.MODEL_URL}/v1`
const model =
  process.env.PROVIDER === 'anthropic'
    ? createAnthropic({ baseURL, apiKey: 'sk-test' })('claude-sonnet-4-5')
    : createOpenAI({ baseURL, apiKey: 'sk-test' })('gpt-5-mini')
const instructions =
  process.env.PROVIDER === 'anthropic'
    ? { role: 'system', content: SYSTEM, providerOptions: { anthropic: { cacheControl: { type: 'ephemeral' } } } }
    : SYSTEM
const ask = (prompt, rest = {}) => ({ model, instructions, prompt, maxRetries: 0, telemetry: { functionId: 'guide' }, ...rest })
const weather = tool({
  description: 'Weather at a place',
  inputSchema: z.object({ query: z.string() }),
  execute: async () => ({ sky: 'rain' }),
})

const answer = await trace
  .getTracer('app')
  .startActiveSpan('ask', { attributes: { 'session.id': 'hike-1', 'user.id': 'ada' } }, async (span) => {
    const texts = [(await generateText(ask('Why do cairns mark trails?'))).text]
    let streamed = ''
    for await (const text of streamText(ask('Who built the first cairn?')).textStream) streamed += text
    texts.push(streamed)
    texts.push((await generateText(ask('What is the weather in Oban?', { tools: { weather }, stopWhen: isStepCount(3) }))).text)
    const error = await generateText(ask('Too long.', { headers: { 'x-sim': 'context_length' } })).then(
      () => undefined,
      (cause) => cause.message,
    )
    span.end()
    return { traceId: span.spanContext().traceId, texts, error }
  })
await provider.forceFlush()
await provider.shutdown()
process.stdout.write(`${JSON.stringify(answer)}\n`)
