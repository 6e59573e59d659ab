import { z } from 'zod'
import { SpanId, TraceId } from './ids.ts'
import { Cut } from './span-part.ts'
import { SpanSummary } from './trace.ts'

export const ReadTranscript = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** Characters of one message, argument or result, about; the rest is under `…/spans/{spanId}/part`. */
  maxChars: z.coerce.number().int().min(200).max(100_000).default(4_000),
  /** Only what this span brought. */
  spanId: SpanId.optional(),
})
export type ReadTranscript = z.infer<typeof ReadTranscript>

/** A message in the shape of the GenAI conventions. `at` leads to it in its span. */
export const TranscriptMessage = z.object({
  at: z.string(),
  role: z.string(),
  parts: z.array(z.unknown()),
  name: z.string().optional(),
  finishReason: z.string().optional(),
})
export type TranscriptMessage = z.infer<typeof TranscriptMessage>

const base = {
  span: SpanSummary.pick({
    spanId: true,
    name: true,
    kind: true,
    startTime: true,
    endTime: true,
    durationNs: true,
    status: true,
    interrupted: true,
    agent: true,
    model: true,
    provider: true,
    usage: true,
    cost: true,
    billable: true,
    runId: true,
    execution: true,
    stepKey: true,
    toolName: true,
    toolCallId: true,
    errorType: true,
    errorMessage: true,
  }),
  /** How many agents called each other down to here. */
  depth: z.number().int().nonnegative(),
  cuts: z.array(Cut),
}

/** One thing of a run or trace told as a conversation. */
export const TranscriptItem = z.discriminatedUnion('type', [
  /** A worker took the run, for the first time or again. */
  z.object({ ...base, type: z.literal('execution') }),
  /** The process of the execution died. */
  z.object({ ...base, type: z.literal('crash') }),
  z.object({ ...base, type: z.literal('agent') }),
  z.object({
    ...base,
    type: z.literal('call'),
    /** Instructions apart from the messages, where they differ from those before. */
    system: z.unknown(),
    /** Messages of its input that were not in the conversation before. */
    added: z.array(TranscriptMessage),
    /** How many messages of its input were. */
    repeated: z.number().int().nonnegative(),
    output: z.array(TranscriptMessage),
  }),
  z.object({ ...base, type: z.literal('tool'), input: z.unknown(), output: z.unknown() }),
  z.object({ ...base, type: z.literal('documents'), input: z.unknown(), output: z.unknown() }),
  /** Something else that failed, or was cut off. */
  z.object({ ...base, type: z.literal('error') }),
])
export type TranscriptItem = z.infer<typeof TranscriptItem>

export const Transcript = z.object({
  traceId: TraceId,
  items: z.array(TranscriptItem),
  /** Of the whole trace. */
  total: z.number().int().nonnegative(),
  nextCursor: z.string().nullable(),
})
export type Transcript = z.infer<typeof Transcript>
