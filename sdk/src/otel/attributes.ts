/** Attribute names that the collector's mapping knows. `gen_ai.*` are those of the OpenTelemetry GenAI conventions. */
export const ATTR = Object.freeze({
  kind: 'cairn.kind',
  runId: 'cairn.run.id',
  execution: 'cairn.execution',
  root: 'cairn.root',
  agent: 'cairn.agent',
  agentVersion: 'cairn.agent.version',
  stepKey: 'cairn.step.key',
  stepStatus: 'cairn.step.status',
  attempt: 'cairn.step.attempt',
  input: 'cairn.input',
  inputTruncated: 'cairn.input.truncated',
  output: 'cairn.output',
  outputTruncated: 'cairn.output.truncated',
  childRunId: 'cairn.child.run.id',
  cacheHit: 'cairn.cache.hit',
  cacheRunId: 'cairn.cache.run.id',
  cacheSavedTokens: 'cairn.cache.saved_tokens',
  cacheSavedUsd: 'cairn.cache.saved_usd',
  rateLimitWaitMs: 'cairn.rate_limit.wait_ms',
  fewShotSet: 'cairn.few_shot.set',
  fewShotVersion: 'cairn.few_shot.version',
  sessionId: 'session.id',
  userId: 'user.id',
  errorType: 'error.type',
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  genAiAgentName: 'gen_ai.agent.name',
  genAiAgentVersion: 'gen_ai.agent.version',
  conversationId: 'gen_ai.conversation.id',
  toolName: 'gen_ai.tool.name',
  toolCallId: 'gen_ai.tool.call.id',
  toolArguments: 'gen_ai.tool.call.arguments',
  toolResult: 'gen_ai.tool.call.result',
  toolDefinitions: 'gen_ai.tool.definitions',
  requestModel: 'gen_ai.request.model',
  responseModel: 'gen_ai.response.model',
  responseId: 'gen_ai.response.id',
  finishReasons: 'gen_ai.response.finish_reasons',
  timeToFirstChunk: 'gen_ai.response.time_to_first_chunk',
  inputMessages: 'gen_ai.input.messages',
  outputMessages: 'gen_ai.output.messages',
  systemInstructions: 'gen_ai.system_instructions',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  cacheReadTokens: 'gen_ai.usage.cache_read.input_tokens',
  cacheWriteTokens: 'gen_ai.usage.cache_creation.input_tokens',
  cacheWrite1hTokens: 'gen_ai.usage.cache_creation.1h_input_tokens',
  reasoningTokens: 'gen_ai.usage.reasoning.output_tokens',
})

const PREVIEW_CHARS = 64 * 1024

/** Puts JSON text on a span, cut at 64 Ki characters: the whole value is in the checkpoint. */
export function previewAttributes(name: string, json: string, truncatedName: string): Record<string, string | boolean> {
  if (json.length <= PREVIEW_CHARS) return { [name]: json }
  return { [name]: json.slice(0, PREVIEW_CHARS), [truncatedName]: true }
}
