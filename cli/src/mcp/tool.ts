import { refusal, type ToolAnswer } from './untrusted.ts'

export const READ = { readOnlyHint: true, idempotentHint: true, openWorldHint: false } as const

/** Errors become answers: one place for all tools. */
export const tool =
  <T>(work: (input: T) => Promise<ToolAnswer>) =>
  (input: T): Promise<ToolAnswer> =>
    work(input).catch(refusal)
