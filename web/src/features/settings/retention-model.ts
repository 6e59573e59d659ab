const MOST_DAYS = 3_650

/** Whole days from 1 to ten years; null: it is no such number. */
export function parseDays(text: string): number | null {
  const trimmed = text.trim()
  if (!/^\d{1,5}$/.test(trimmed)) return null
  const days = Number(trimmed)
  return days >= 1 && days <= MOST_DAYS ? days : null
}
