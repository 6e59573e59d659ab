// What each client of OpenAI's chat API does: a call, a streamed one, one for a tool with its answer, one that fails.
const QUESTION = 'Why do cairns mark trails?'
/** Long enough that a provider caches it. */
const SYSTEM = 'You are terse. You know the paths of Skye, their stones and their weather. '.repeat(12)
const ask = (prompt, rest = {}) => ({
  model: process.env.MODEL ?? 'gpt-5-mini',
  messages: [
    { role: 'system', content: SYSTEM },
    { role: 'user', content: prompt },
  ],
  ...rest,
})
const tools = [
  {
    type: 'function',
    function: {
      name: 'weather',
      description: 'Weather at a place',
      parameters: { type: 'object', properties: { query: { type: 'string' } } },
    },
  },
]

/** @returns the answers' texts, the tool call and the message of the error */
export async function callOpenAi(client, { stream = true } = {}) {
  const texts = []
  const completion = await client.chat.completions.create(ask(QUESTION))
  texts.push(completion.choices[0].message.content)

  if (stream) {
    const events = await client.chat.completions.create(
      ask('Who built the first cairn?', { stream: true, stream_options: { include_usage: true } }),
    )
    let streamed = ''
    for await (const event of events) streamed += event.choices[0]?.delta.content ?? ''
    texts.push(streamed)
  }

  const asked = ask('What is the weather in Oban?', { tools })
  const called = await client.chat.completions.create(asked)
  const [toolCall] = called.choices[0].message.tool_calls
  asked.messages.push(called.choices[0].message, { role: 'tool', tool_call_id: toolCall.id, content: 'rain' })
  texts.push((await client.chat.completions.create(asked)).choices[0].message.content)

  const error = await client.chat.completions.create(ask('Too long.'), { headers: { 'x-sim': 'context_length' } }).then(
    () => undefined,
    (cause) => cause.message,
  )
  return { texts, toolCall: { id: toolCall.id, name: toolCall.function.name, arguments: toolCall.function.arguments }, error }
}
