import type { JsonValue } from '@cairn/sdk/protocol'
import type { AttributeValue, OtlpScope, OtlpSpan } from '../otlp/types.ts'
import { collectFields, type Found } from './collect-fields.ts'
import { fingerprintError } from './error-group.ts'
import type { MappedSpan } from './mapped-span.ts'
import { readContent } from './read-content.ts'
import { readError } from './read-error.ts'
import { readFirstToken } from './read-first-token.ts'
import { readKind } from './read-kind.ts'
import { normaliseProvider } from './read-provider.ts'
import { readSaved } from './read-saved.ts'
import { cut, readText, readTexts } from './read-text.ts'
import { readUsage } from './read-usage.ts'
import type { ResourceContext } from './resource-context.ts'
import { isJsonObject, mapToJson, parseJsonText, toJson, writeAttributes } from './to-json.ts'
import type { Field } from './vocabulary.ts'

const NAME_CHARS = 500
const MESSAGE_CHARS = 20_000
const LATEST_NS = 2n ** 63n - 1n
const LEGAL_TRACE_ID = /^(?!0{32}$)[0-9a-f]{32}$/
const LEGAL_SPAN_ID = /^(?!0{16}$)[0-9a-f]{16}$/

/** Why a span can't be kept; null if it can. The specification calls such ids and times invalid. */
export function refuseSpan(span: OtlpSpan): string | null {
  if (!LEGAL_TRACE_ID.test(span.traceId)) return 'trace_id must be 16 bytes, not all zero'
  if (!LEGAL_SPAN_ID.test(span.spanId)) return 'span_id must be 8 bytes, not all zero'
  if (span.startNs <= 0n) return 'start_time_unix_nano must be set'
  if (span.startNs > LATEST_NS || span.endNs > LATEST_NS) return 'times must be before the year 2262'
  return null
}

/** Span → the columns that every vocabulary fills. Expects a span that `refuseSpan` lets through. */
export function mapSpan(span: OtlpSpan, resource: ResourceContext, scope: OtlpScope): MappedSpan {
  const found = collectFields(span.attributes)
  const text = (field: Field): string => cut(readText(found.fields[field]), NAME_CHARS)
  const provider = normaliseProvider(text('provider') || readProviderInMetadata(found))
  const { usage, reported, notes } = readUsage(found, provider, scope.name)
  const kind = readKind(found, reported)
  const error = readError(span, found)
  const name = cut(span.name.toWellFormed(), NAME_CHARS)
  const agent = text('agent') || (kind === 'agent' || kind === 'workflow' ? text('workflow') : '') || resource.agent
  const stepKey = cut(readText(found.fields.stepKey), 1_000)
  const endsEarly = span.endNs < span.startNs
  if (endsEarly) notes.push('ends_before_it_starts')
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: LEGAL_SPAN_ID.test(span.parentSpanId) ? span.parentSpanId : '',
    name,
    kind,
    startNs: span.startNs,
    endNs: endsEarly ? span.startNs : span.endNs,
    status: error.status,
    agent,
    agentVersion: text('agentVersion'),
    provider,
    modelRequest: normaliseModel(text('modelRequest')),
    modelResponse: normaliseModel(text('modelResponse')),
    operation: text('operation'),
    responseId: text('responseId') || (kind === 'model' ? readIdOfAnswer(found) : ''),
    serviceTier: text('serviceTier').toLowerCase(),
    toolName: text('toolName') || (kind === 'tool' ? text('entityName') || name : ''),
    toolCallId: text('toolCallId'),
    finishReasons: readTexts(found.fields.finishReasons),
    ...readContent(span, found, kind),
    parameters: readParameters(found),
    metadata: readMetadata(found),
    tags: readTexts(found.fields.tags),
    usage,
    usageReported: reported,
    costGiven: readCostGiven(found),
    saved: readSaved(found),
    timeToFirstTokenMs: readFirstToken(span, found),
    sessionId: text('sessionId') || resource.sessionId,
    userId: text('userId') || resource.userId,
    environment: text('environment') || resource.environment,
    service: resource.service,
    serviceVersion: resource.serviceVersion,
    runId: text('runId'),
    execution: readExecution(found.fields.execution),
    stepKey,
    errorType: cut(error.type, NAME_CHARS),
    errorMessage: cut(error.message, MESSAGE_CHARS),
    errorStack: cut(error.stack, MESSAGE_CHARS * 5),
    errorGroup:
      error.status === 'error' ? fingerprintError({ type: error.type, message: error.message, agent, step: stepKey || name }) : '',
    interrupted: found.fields.interrupted === true,
    provisional: found.fields.interrupted === true || found.fields.fromCheckpoint === true,
    original: readOriginal(span, resource, scope),
    notes,
  }
}

/** Google's names come with the path of their resource. */
function normaliseModel(model: string): string {
  return model.replace(/^(?:models\/|publishers\/[^/]+\/models\/)/, '')
}

/** OpenInference sends the provider's whole answer and not its id. */
function readIdOfAnswer(found: Found): string {
  const answer = found.fields.output
  if (typeof answer !== 'string' || !answer.startsWith('{')) return ''
  const json = parseJsonText(answer)
  return isJsonObject(json) && typeof json.id === 'string' ? cut(json.id, NAME_CHARS) : ''
}

function readExecution(value: AttributeValue | undefined): number {
  const execution = Number(typeof value === 'string' || typeof value === 'number' ? value : 0)
  return Number.isInteger(execution) && execution > 0 && execution < 2 ** 31 ? execution : 0
}

function readParameters(found: Found): Record<string, JsonValue> {
  const given = parse(found.fields.parameters)
  return { ...(isJsonObject(given) ? given : {}), ...mapToJson(found.parameters) }
}

function readMetadata(found: Found): Record<string, JsonValue> {
  const given = parse(found.fields.metadata)
  return { ...(isJsonObject(given) ? given : {}), ...mapToJson(found.metadata) }
}

function readProviderInMetadata(found: Found): string {
  const metadata = parse(found.fields.providerInMetadata)
  return isJsonObject(metadata) && typeof metadata.ls_provider === 'string' ? cut(metadata.ls_provider, NAME_CHARS) : ''
}

function readCostGiven(found: Found): string | null {
  const langfuse = parse(found.fields.costLangfuse)
  const total = isJsonObject(langfuse) ? langfuse.total : undefined
  const text = readText(found.fields.costGiven) || (typeof total === 'number' || typeof total === 'string' ? String(total) : '')
  return /^\d+(\.\d+)?(e-?\d+)?$/i.test(text) && Number(text) < 1e6 ? text : null
}

function parse(value: AttributeValue | undefined): JsonValue | undefined {
  return value === undefined ? undefined : parseJsonText(toJson(value))
}

/** RFC 3339 in UTC with nanoseconds. */
function toRfc3339(ns: bigint): string {
  const at = ns > LATEST_NS ? LATEST_NS : ns < 0n ? 0n : ns
  return new Date(Number(at / 1_000_000n)).toISOString().replace(/\.\d+Z$/, `.${(at % 1_000_000_000n).toString().padStart(9, '0')}Z`)
}

function readOriginal(span: OtlpSpan, resource: ResourceContext, scope: OtlpScope): MappedSpan['original'] {
  return {
    attributes: span.attributes,
    resource: resource.json,
    scope: { name: scope.name, version: scope.version, attributes: writeAttributes(scope.attributes) },
    schemaUrl: resource.schemaUrl,
    events:
      span.events.length === 0
        ? '[]'
        : JSON.stringify(
            span.events.map((event) => ({
              name: event.name.toWellFormed(),
              time: toRfc3339(event.timeNs),
              attributes: mapToJson(event.attributes),
            })),
          ),
    links:
      span.links.length === 0
        ? '[]'
        : JSON.stringify(
            span.links.map((link) => ({
              traceId: link.traceId.toWellFormed(),
              spanId: link.spanId.toWellFormed(),
              traceState: link.traceState.toWellFormed(),
              attributes: mapToJson(link.attributes),
            })),
          ),
    traceState: span.traceState,
    otelKind: span.kind > 0 && span.kind < 6 ? span.kind : 0,
    flags: span.flags,
  }
}
