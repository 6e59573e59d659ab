const MOST_MS = 1e12

/** Milliseconds of a text in seconds; null: empty; undefined: it is no such number. */
export function parseSeconds(text: string): number | null | undefined {
  const trimmed = text.trim().replace(',', '.')
  if (trimmed === '') return null
  if (!/^\d*\.?\d+$|^\d+\.$/.test(trimmed)) return undefined
  // Exactly what was typed, to the microsecond: 0.29 s are 290 ms.
  const ms = Math.round(Number(trimmed) * 1e6) / 1_000
  return Number.isFinite(ms) && ms <= MOST_MS ? ms : undefined
}

export const formatSeconds = (ms: number | null): string => (ms === null ? '' : String(ms / 1_000))
