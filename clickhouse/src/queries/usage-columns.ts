/** Tokens in exclusive parts, as the API shows them. */
export interface UsageSums {
  input: number
  cacheRead: number
  cacheWrite: number
  cacheWrite1h: number
  output: number
  reasoning: number
  audioInput: number
  audioOutput: number
  images: number
  requests: number
  total: number
}

/** Column of `spans` and `run_usage` for each part. */
export const USAGE_COLUMNS: Readonly<Record<keyof UsageSums, string>> = Object.freeze({
  input: 'usage_input',
  cacheRead: 'usage_cache_read',
  cacheWrite: 'usage_cache_write',
  cacheWrite1h: 'usage_cache_write_1h',
  output: 'usage_output',
  reasoning: 'usage_reasoning',
  audioInput: 'usage_audio_input',
  audioOutput: 'usage_audio_output',
  images: 'usage_images',
  requests: 'usage_requests',
  total: 'usage_total',
})

const PARTS = Object.entries(USAGE_COLUMNS) as [keyof UsageSums, string][]

/** `sum(usage_input) AS u_input, …`: the names differ from the columns, since an alias would shadow them. */
export const sumUsage = (condition = '') =>
  PARTS.map(([part, column]) => (condition === '' ? `sum(${column}) AS u_${part}` : `sumIf(${column}, ${condition}) AS u_${part}`)).join(
    ', ',
  )

/** `usage_input AS u_input, …` */
export const selectUsage = () => PARTS.map(([part, column]) => `${column} AS u_${part}`).join(', ')

/** The usage of a row selected by one of the two above. */
export function readUsage(row: Readonly<Record<string, unknown>>): UsageSums {
  return Object.fromEntries(PARTS.map(([part]) => [part, Number(row[`u_${part}`] ?? 0)])) as unknown as UsageSums
}

export interface CostSums {
  /** US dollars as a decimal string; null where a price is missing. */
  total: string | null
  parts: Record<string, string>
  priced: boolean
}

/** Decimals come as text with all their places: 0.000150000000 → 0.00015. */
export function trimDecimal(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') || '0' : text
}

/** Dollars saved; null where tokens were saved that have no price. */
export function toSavedUsd(usd = '0', tokens: string | number | undefined = 0): string | null {
  const trimmed = trimDecimal(usd)
  return trimmed === '0' && Number(tokens) > 0 ? null : trimmed
}

/** The cost of a row with `cost` (decimal), `parts` (map) and `unpriced` (a count of billable spans without a price). */
export function readCost(row: { cost: string; parts: Readonly<Record<string, string>>; unpriced: string | number }): CostSums {
  const priced = Number(row.unpriced) === 0
  const parts = Object.entries(row.parts).flatMap(([part, usd]) => {
    const trimmed = trimDecimal(usd)
    return trimmed === '0' ? [] : [[part, trimmed] as const]
  })
  return { total: priced ? trimDecimal(row.cost) : null, parts: Object.fromEntries(parts), priced }
}
