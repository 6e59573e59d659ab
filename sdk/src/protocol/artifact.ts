import { z } from 'zod'
import { Timestamp } from './ids.ts'

/** A file that a run made, without its bytes. */
export const Artifact = z.object({
  name: z.string(),
  contentType: z.string(),
  bytes: z.number().int().nonnegative(),
  /** Of the bytes, in hexadecimal. */
  sha256: z.string(),
  execution: z.number().int().nonnegative(),
  createdAt: Timestamp,
})
export type Artifact = z.infer<typeof Artifact>
