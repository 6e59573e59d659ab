import { z } from 'zod'
import { EncodedValue } from './encoded-value.ts'
import { Timestamp } from './ids.ts'

export const Message = z.object({ role: z.string().max(50), content: EncodedValue, createdAt: Timestamp.optional() })
export type Message = z.infer<typeof Message>

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
