// LangChain over the `openai` and Anthropic clients, instrumented by OpenInference: nothing of Cairn's in it.
import { setSession, setUser } from '@arizeai/openinference-core'
import { LangChainInstrumentation } from '@arizeai/openinference-instrumentation-langchain'
import { ChatAnthropic } from '@langchain/anthropic'
import * as CallbackManagerModule from '@langchain/core/callbacks/manager'
import { HumanMessage, SystemMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { ChatOpenAI } from '@langchain/openai'
import { context, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { z } from 'zod'

const exporter = new OTLPTraceExporter({
  url: `${process.env.COLLECTOR_URL}/v1/traces`,
  headers: { authorization: `Bearer ${process.env.CAIRN_API_KEY}` },
})
const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'langchain' }),
  spanProcessors: [new BatchSpanProcessor(exporter)],
})
provider.register()
new LangChainInstrumentation({ tracerProvider: provider }).manuallyInstrument(CallbackManagerModule)

const SYSTEM = 'You are terse. You know the paths of Skye, their stones and their weather. '.repeat(12)
const makeModel = (headers = {}) =>
  process.env.PROVIDER === 'anthropic'
    ? new ChatAnthropic({
        model: 'claude-sonnet-4-5',
        apiKey: 'sk-test',
        maxRetries: 0,
        anthropicApiUrl: process.env.MODEL_URL,
        clientOptions: { defaultHeaders: headers },
      })
    : new ChatOpenAI({
        model: 'gpt-5-mini',
        apiKey: 'sk-test',
        maxRetries: 0,
        configuration: { baseURL: `${process.env.MODEL_URL}/v1`, defaultHeaders: headers },
      })
const weather = tool(async () => 'rain', { name: 'weather', description: 'Weather at a place', schema: z.object({ query: z.string() }) })
const ask = (prompt) => [new SystemMessage(SYSTEM), new HumanMessage(prompt)]

async function callModels() {
  const model = makeModel()
  const texts = [(await model.invoke(ask('Why do cairns mark trails?'))).text]
  let streamed = ''
  for await (const chunk of await model.stream(ask('Who built the first cairn?'))) streamed += chunk.text
  texts.push(streamed)
  const messages = ask('What is the weather in Oban?')
  const withTools = model.bindTools([weather])
  const called = await withTools.invoke(messages)
  const [toolCall] = called.tool_calls
  messages.push(called, await weather.invoke(toolCall))
  texts.push((await withTools.invoke(messages)).text)
  const error = await makeModel({ 'x-sim': 'context_length' })
    .invoke(ask('Too long.'))
    .then(
      () => undefined,
      (cause) => cause.message,
    )
  return { texts, toolCall: { id: toolCall.id, name: toolCall.name, arguments: JSON.stringify(toolCall.args) }, error }
}

const ofAda = setUser(setSession(context.active(), { sessionId: 'hike-1' }), { userId: 'ada' })
const answer = await context.with(ofAda, () =>
  trace.getTracer('app').startActiveSpan('ask', async (span) => {
    const calls = await callModels()
    span.end()
    return { traceId: span.spanContext().traceId, ...calls }
  }),
)
await provider.forceFlush()
await provider.shutdown()
process.stdout.write(`${JSON.stringify(answer)}\n`)
