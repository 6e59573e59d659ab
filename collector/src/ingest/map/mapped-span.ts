import type { Cost, JsonValue, SpanKind, SpanStatus, Usage } from '@cairn/sdk/protocol'
import type { Attributes } from '../otlp/types.ts'
import type { Message } from './messages.ts'
import type { Saved } from './read-saved.ts'

/** A span of whatever vocabulary, with the columns that every vocabulary fills. Empty string: unknown. */
export interface MappedSpan {
  readonly traceId: string
  readonly spanId: string
  /** Empty at a root. */
  readonly parentSpanId: string
  readonly name: string
  readonly kind: SpanKind
  readonly startNs: bigint
  readonly endNs: bigint
  readonly status: SpanStatus
  readonly agent: string
  readonly agentVersion: string
  readonly provider: string
  readonly modelRequest: string
  readonly modelResponse: string
  readonly operation: string
  readonly responseId: string
  readonly serviceTier: string
  readonly toolName: string
  readonly toolCallId: string
  readonly finishReasons: string[]
  /** What it was given and gave, where that isn't a list of messages; undefined where the sender sent none. */
  readonly input: JsonValue | undefined
  readonly output: JsonValue | undefined
  readonly inputMessages: Message[] | null
  readonly outputMessages: Message[] | null
  /** The one attribute that it is from, where that is a text. */
  readonly inputSent: string | undefined
  readonly outputSent: string | undefined
  readonly system: JsonValue | undefined
  readonly toolDefinitions: JsonValue | undefined
  readonly inputPreview: string
  readonly outputPreview: string
  readonly parameters: Record<string, JsonValue>
  readonly metadata: Record<string, JsonValue>
  readonly tags: string[]
  readonly usage: Usage
  readonly usageReported: boolean
  /** US dollars by the sender's own count: kept beside ours, never mixed. */
  readonly costGiven: string | null
  readonly saved: Saved
  readonly timeToFirstTokenMs: number | null
  readonly sessionId: string
  readonly userId: string
  readonly environment: string
  readonly service: string
  readonly serviceVersion: string
  readonly runId: string
  readonly execution: number
  readonly stepKey: string
  readonly errorType: string
  readonly errorMessage: string
  readonly errorStack: string
  readonly errorGroup: string
  readonly interrupted: boolean
  /** Written in the place of the real one, which may still come: cut off, or made from a step's checkpoint. */
  readonly provisional: boolean
  readonly original: OriginalParts
  /** Doubts about what was sent, for the page to show. */
  readonly notes: string[]
}

/** All that was sent, lossless: texts are JSON. */
interface OriginalParts {
  readonly attributes: Attributes
  readonly resource: string
  readonly scope: { readonly name: string; readonly version: string; readonly attributes: string }
  readonly schemaUrl: string
  readonly events: string
  readonly links: string
  readonly traceState: string
  readonly otelKind: number
  readonly flags: number
}

export interface PricedSpan extends MappedSpan {
  readonly cost: Cost
  readonly priceId: string
  /** Settled when the spans around it are known. */
  billable: boolean
}
