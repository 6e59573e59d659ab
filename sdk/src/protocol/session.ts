import { z } from 'zod'
import { EncodedValue } from './encoded-value.ts'
import { RunId, Timestamp } from './ids.ts'

export const Message = z.object({ role: z.string().max(50), content: EncodedValue, createdAt: Timestamp.optional() })
export type Message = z.infer<typeof Message>

/** More than any conversation has. */
const Tokens = z.number().int().nonnegative().max(1e12)

/** A summary that stands for the first messages of a session, which are kept. */
export const Compaction = z.object({
  /** Position, counted from 0, of the last message that it stands for. */
  throughPosition: z
    .number()
    .int()
    .nonnegative()
    .max(2 ** 31 - 1),
  summary: z.string().min(1),
  /** Tokens of all messages that it stands for, as the agent counted them. */
  tokensBefore: Tokens,
  /** Tokens of the summary. */
  tokensAfter: Tokens,
  runId: RunId.nullable(),
  createdAt: Timestamp,
})
export type Compaction = z.infer<typeof Compaction>

export const Session = z.object({
  id: z.string(),
  version: z.number().int().nonnegative(),
  state: EncodedValue,
  messages: z.array(Message),
  updatedAt: Timestamp,
})
export type Session = z.infer<typeof Session>

export const PutSession = z.object({ state: EncodedValue })
export const AddMessages = z.object({ messages: z.array(Message).min(1).max(1_000) })

export const GetSession = z.object({
  /** Only the messages that no summary stands for, with the summary. */
  tail: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
})
/** A session as `tail=true` gives it. */
export const SessionTail = Session.extend({ compaction: Compaction.nullable() })
export type SessionTail = z.infer<typeof SessionTail>

export const AddCompaction = Compaction.omit({ createdAt: true }).extend({ runId: RunId.nullable().default(null) })
