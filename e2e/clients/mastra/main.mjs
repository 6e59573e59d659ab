// A Mastra agent with its own OpenTelemetry exporter: nothing of Cairn's in it.
import { createOpenAI } from '@ai-sdk/openai'
import { Agent } from '@mastra/core/agent'
import { Mastra } from '@mastra/core/mastra'
import { createTool } from '@mastra/core/tools'
import { Observability } from '@mastra/observability'
import { OtelExporter } from '@mastra/otel-exporter'
import { z } from 'zod'

const SYSTEM = 'You are terse. You know the paths of Skye, their stones and their weather. '.repeat(12)
const makeOpenAi = (headers = {}) => createOpenAI({ baseURL: `${process.env.MODEL_URL}/v1`, apiKey: 'sk-test', headers })
const weather = createTool({
  id: 'weather',
  description: 'Weather at a place',
  inputSchema: z.object({ query: z.string() }),
  outputSchema: z.object({ sky: z.string() }),
  execute: async () => ({ sky: 'rain' }),
})
const makeAgent = (name, headers) =>
  new Agent({ id: name, name, instructions: SYSTEM, model: makeOpenAi(headers)('gpt-5-mini'), tools: { weather }, maxRetries: 0 })

const mastra = new Mastra({
  logger: false,
  agents: { guide: makeAgent('guide'), lost: makeAgent('lost', { 'x-sim': 'context_length' }) },
  observability: new Observability({
    configs: {
      otel: {
        serviceName: 'mastra',
        exporters: [
          new OtelExporter({
            provider: {
              custom: {
                endpoint: `${process.env.COLLECTOR_URL}/v1/traces`,
                protocol: 'http/protobuf',
                headers: { authorization: `Bearer ${process.env.CAIRN_API_KEY}` },
              },
            },
          }),
        ],
      },
    },
  }),
})
const tracingOptions = { metadata: { sessionId: 'hike-1', userId: 'ada' }, tags: ['trail'] }
const result = await mastra.getAgent('guide').generate('What is the weather in Oban?', { tracingOptions })
const error = await mastra
  .getAgent('lost')
  .generate('Too long.', { tracingOptions: { ...tracingOptions, traceId: result.traceId } })
  .then(
    (failed) => failed.error?.message,
    (cause) => cause.message,
  )
await mastra.shutdown()
process.stdout.write(`${JSON.stringify({ traceId: result.traceId, texts: [result.text], error })}\n`)
