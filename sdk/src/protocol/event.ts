import { z } from 'zod'
import { EncodedValue } from './encoded-value.ts'
import { RunId, Timestamp } from './ids.ts'
import { RunStatus, StoredError } from './run.ts'
import { StepKind, StepStatus } from './step.ts'

const base = { id: z.number().int().positive(), runId: RunId, at: Timestamp, execution: z.number().int().nonnegative() }

/** One event of a run's stream; the SSE `id` is `id`, the SSE `event` is `type`. */
export const RunEvent = z.discriminatedUnion('type', [
  z.object({
    ...base,
    type: z.literal('status'),
    status: RunStatus,
    reason: z.string().nullable(),
    actor: z.string().nullable(),
    error: StoredError.nullable(),
    /** Of a failure: its group, and the step that ran. */
    errorGroup: z.string().optional(),
    failedStep: z.string().nullable().optional(),
  }),
  z.object({ ...base, type: z.literal('step'), key: z.string(), kind: StepKind, status: StepStatus }),
  z.object({ ...base, type: z.literal('emit'), name: z.string(), data: EncodedValue }),
  z.object({ ...base, type: z.literal('signal'), name: z.string() }),
])
export type RunEvent = z.infer<typeof RunEvent>
