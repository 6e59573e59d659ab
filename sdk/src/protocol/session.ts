import { z } from 'zod'
import { EncodedValue } from './encoded-value.ts'
import { RunId, Timestamp } from './ids.ts'

export const Message = z.object({ role: z.string().max(50), content: EncodedValue, createdAt: Timestamp.optional() })
export type Message = z.infer<typeof Message>

const Tokens = z.number().int().min(0).max(1_000_000_000)

/** A summary that stands for the first messages of a session; the messages themselves stay. */
export const AddCompaction = z.object({
  /** Position of the last message that the summary stands for, from 0. */
  throughPosition: z.number().int().min(0),
  summary: z.string().min(1).max(1_000_000),
  /** Of all messages that the summary stands for, by the count of who made it. */
  tokensBefore: Tokens,
  /** Of the summary. */
  tokensAfter: Tokens,
  runId: RunId.optional(),
})
export type AddCompaction = z.infer<typeof AddCompaction>

export const Compaction = AddCompaction.extend({ runId: RunId.nullable(), createdAt: Timestamp })
export type Compaction = z.infer<typeof Compaction>

export const Session = z.object({
  id: z.string(),
  version: z.number().int().nonnegative(),
  state: EncodedValue,
  /** All of them; with `tail=true` those after the newest compaction. */
  messages: z.array(Message),
  /** The newest one. */
  compaction: Compaction.nullable(),
  updatedAt: Timestamp,
})
export type Session = z.infer<typeof Session>

export const SessionQuery = z.object({ tail: z.stringbool().default(false) })

export const PutSession = z.object({ state: EncodedValue })
export const AddMessages = z.object({ messages: z.array(Message).min(1).max(1_000) })
