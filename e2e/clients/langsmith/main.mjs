// The `openai` client under LangSmith's OpenTelemetry SDK, its exporter pointed at Cairn: nothing of Cairn's in it.
process.env.LANGSMITH_TRACING = 'true'
process.env.LANGSMITH_OTEL_ENABLED = 'true'
process.env.LANGSMITH_API_KEY = 'ls-test'
// It asks its own service what that supports: no call leaves the machine.
process.env.LANGSMITH_ENDPOINT = process.env.COLLECTOR_URL
const { initializeOTEL } = await import('langsmith/experimental/otel/setup')
const { traceable } = await import('langsmith/traceable')
const { wrapOpenAI } = await import('langsmith/wrappers/openai')
const { trace } = await import('@opentelemetry/api')
const { default: OpenAI } = await import('openai')
const { callOpenAi } = await import('../openai-calls.mjs')

const { DEFAULT_LANGSMITH_SPAN_PROCESSOR } = initializeOTEL({
  exporterConfig: {
    url: `${process.env.COLLECTOR_URL}/v1/traces`,
    headers: { authorization: `Bearer ${process.env.CAIRN_API_KEY}` },
  },
})

const client = wrapOpenAI(new OpenAI({ baseURL: `${process.env.MODEL_URL}/v1`, apiKey: 'sk-test', maxRetries: 0 }))
const weather = traceable(async ({ query }) => `rain in ${query}`, { name: 'weather', run_type: 'tool' })
const guide = traceable(
  async (_question) => {
    const { traceId } = trace.getActiveSpan().spanContext()
    const calls = await callOpenAi(client, { stream: false })
    await weather({ query: 'Oban' })
    return { traceId, ...calls }
  },
  { name: 'guide', run_type: 'chain', metadata: { session_id: 'hike-1', user_id: 'ada' }, tags: ['trail'] },
)
const answer = await guide('Why do cairns mark trails?')
await DEFAULT_LANGSMITH_SPAN_PROCESSOR.forceFlush()
await DEFAULT_LANGSMITH_SPAN_PROCESSOR.shutdown()
process.stdout.write(`${JSON.stringify(answer)}\n`)
