import type { SpanAttributesRow, SpanRow } from '@cairn/clickhouse'
import type { PricedSpan } from '../map/mapped-span.ts'
import { cut } from '../map/read-text.ts'
import type { ContentCollector } from './content-address.ts'

const ERROR_CHARS = 1_000

/** Contents lie under the session, so that a conversation over many traces stores each message once. */
export function toSpanRow(projectId: string, span: PricedSpan, contents: ContentCollector): SpanRow {
  const scopeId = span.sessionId === '' ? span.traceId : span.sessionId
  const input = contents.addEither(projectId, scopeId, { messages: span.inputMessages, value: span.input })
  const output = contents.addEither(projectId, scopeId, { messages: span.outputMessages, value: span.output })
  return {
    project_id: projectId,
    trace_id: span.traceId,
    span_id: span.spanId,
    parent_span_id: span.parentSpanId,
    name: span.name,
    kind: span.kind,
    start_time: span.startNs,
    end_time: span.endNs,
    status: span.status,
    agent: span.agent,
    agent_version: span.agentVersion,
    provider: span.provider,
    model_request: span.modelRequest,
    model_response: span.modelResponse,
    operation: span.operation,
    response_id: span.responseId,
    service_tier: span.serviceTier,
    tool_name: span.toolName,
    tool_call_id: span.toolCallId,
    finish_reasons: span.finishReasons,
    usage_input: span.usage.input,
    usage_cache_read: span.usage.cacheRead,
    usage_cache_write: span.usage.cacheWrite,
    usage_cache_write_1h: span.usage.cacheWrite1h,
    usage_output: span.usage.output,
    usage_reasoning: span.usage.reasoning,
    usage_audio_input: span.usage.audioInput,
    usage_audio_output: span.usage.audioOutput,
    usage_images: span.usage.images,
    usage_requests: span.usage.requests,
    usage_total: span.usage.total,
    cost_total: span.cost.total ?? '0',
    cost_parts: span.cost.parts,
    cost_given: span.costGiven ?? '',
    saved_by: span.saved.by,
    saved_tokens: span.saved.tokens,
    saved_usd: span.saved.usd ?? '0',
    priced: span.cost.priced ? 1 : 0,
    price_id: span.priceId,
    ttft_ms: span.timeToFirstTokenMs,
    session_id: span.sessionId,
    user_id: span.userId,
    tags: span.tags,
    environment: span.environment,
    service: span.service,
    service_version: span.serviceVersion,
    run_id: span.runId,
    execution: span.execution,
    step_key: span.stepKey,
    error_type: span.errorType,
    error_message: cut(span.errorMessage, ERROR_CHARS),
    error_group: span.errorGroup,
    interrupted: span.interrupted ? 1 : 0,
    input_preview: span.inputPreview,
    output_preview: span.outputPreview,
    scope_id: scopeId,
    input_form: input.form,
    input_hashes: input.hashes,
    output_form: output.form,
    output_hashes: output.hashes,
    system_hash: contents.add(projectId, scopeId, span.system),
    tools_hash: contents.add(projectId, scopeId, span.toolDefinitions),
    version: span.interrupted ? 0 : 1,
  }
}

export function toAttributesRow(projectId: string, span: PricedSpan): SpanAttributesRow {
  const { original } = span
  return {
    project_id: projectId,
    trace_id: span.traceId,
    span_id: span.spanId,
    attributes: original.attributes,
    resource: original.resource,
    scope_name: original.scope.name.toWellFormed(),
    scope_version: original.scope.version.toWellFormed(),
    scope_attributes: original.scope.attributes,
    schema_url: original.schemaUrl.toWellFormed(),
    events: original.events,
    links: original.links,
    trace_state: original.traceState.toWellFormed(),
    otel_kind: original.otelKind,
    flags: original.flags >>> 0,
    error_stack: span.errorStack,
    parameters: JSON.stringify(span.parameters),
    metadata: JSON.stringify(span.metadata),
    notes: JSON.stringify(span.notes),
    version: span.interrupted ? 0 : 1,
  }
}
