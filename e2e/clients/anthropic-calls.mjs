// What each client of Anthropic's messages API does: a call, a streamed one, one for a tool with its answer, one that fails.
const SYSTEM = 'You are terse. You know the paths of Skye, their stones and their weather. '.repeat(12)
const ask = (prompt, rest = {}) => ({
  model: process.env.MODEL ?? 'claude-sonnet-4-5',
  max_tokens: 1_000,
  system: [{ type: 'text', text: SYSTEM, cache_control: { type: 'ephemeral' } }],
  messages: [{ role: 'user', content: prompt }],
  ...rest,
})
const tools = [
  { name: 'weather', description: 'Weather at a place', input_schema: { type: 'object', properties: { query: { type: 'string' } } } },
]
const textOf = (message) => message.content.map((block) => block.text ?? '').join('')

/** @returns the answers' texts, the tool call and the message of the error */
export async function callAnthropic(client) {
  const texts = []
  texts.push(textOf(await client.messages.create(ask('Why do cairns mark trails?'))))

  let streamed = ''
  for await (const event of await client.messages.create(ask('Who built the first cairn?', { stream: true })))
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') streamed += event.delta.text
  texts.push(streamed)

  const asked = ask('What is the weather in Oban?', { tools })
  const called = await client.messages.create(asked)
  const toolCall = called.content.find((block) => block.type === 'tool_use')
  asked.messages.push(
    { role: 'assistant', content: called.content },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: toolCall.id, content: 'rain' }] },
  )
  texts.push(textOf(await client.messages.create(asked)))

  const error = await client.messages.create(ask('Too long.'), { headers: { 'x-sim': 'context_length' } }).then(
    () => undefined,
    (cause) => cause.message,
  )
  return { texts, toolCall: { id: toolCall.id, name: toolCall.name, arguments: JSON.stringify(toolCall.input) }, error }
}
