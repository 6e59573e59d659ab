import { RUN_STATUSES } from '@cairn/sdk/protocol'
import { z } from 'zod'
import { runIdOf, traceIdOf } from '../options.ts'

const holdsRunId = (text: string): boolean => {
  try {
    return runIdOf(text) !== ''
  } catch {
    return false
  }
}

export const RunIdInput = z
  .string()
  .max(500)
  .describe('Run id (UUID), or the address of the run’s page')
  .refine(holdsRunId, 'must hold a run id (a UUID), as find_runs gives it')

export const RunOrTraceInput = z
  .string()
  .max(500)
  .describe('Run id (UUID) or trace id (32 hexadecimal digits), or the address of its page')
  .refine(
    (text) => traceIdOf(text) !== undefined || holdsRunId(text),
    'must hold a run id (a UUID) as find_runs gives it, or a trace id (32 hexadecimal digits) as get_failure gives it',
  )

export const maxTokens = (usual: number) =>
  z.number().int().min(200).max(20_000).default(usual).describe(`About how many tokens the answer may take (default ${usual})`)

export const Offset = z.number().int().min(0).default(0).describe('Go on from here: nextOffset of the last answer')

export const TimeInput = z.string().max(40).describe('30m, 2h, 7d (ago), a date, or an RFC 3339 time')

export const StatusInput = z.array(z.enum(RUN_STATUSES)).max(RUN_STATUSES.length)

export const WaitSeconds = z.number().min(0).max(60).default(0).describe('Wait up to so many seconds for the run to end, and tell how')

export const Override = z.union([
  z.object({ step: z.string().min(1).max(1_000), retry: z.literal(true).describe('Run the step again') }),
  z.object({
    step: z.string().min(1).max(1_000),
    output: z.unknown().describe('Take this JSON as the step’s output instead of running it'),
  }),
])

export const Notice = z.string().describe('How to treat this answer')
