const MOST_MS = 1e12

/** Milliseconds of a text in seconds; null: empty; undefined: it is no such number. */
export function parseSeconds(text: string): number | null | undefined {
  const trimmed = text.trim().replace(',', '.')
  if (trimmed === '') return null
  if (!/^\d*\.?\d+$|^\d+\.$/.test(trimmed)) return undefined
  const ms = Number(trimmed) * 1_000
  return Number.isFinite(ms) && ms <= MOST_MS ? ms : undefined
}

export const formatSeconds = (ms: number | null): string => (ms === null ? '' : String(ms / 1_000))
