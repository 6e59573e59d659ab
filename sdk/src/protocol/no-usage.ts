import type { Cost, Usage } from './usage.ts'

/** Of what used no tokens. */
export const NO_USAGE: Usage = Object.freeze({
  input: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
  audioInput: 0,
  audioOutput: 0,
  images: 0,
  requests: 0,
  total: 0,
})

/** Of what made no billable call: it cost nothing, and that is known. */
export const NO_COST: Cost = Object.freeze({ total: '0', parts: {}, priced: true })
