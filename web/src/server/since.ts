import { z } from 'zod'

const HOUR_MS = 3_600_000

/** Hours back from now. */
export const Hours = z
  .number()
  .int()
  .min(1)
  .max(24 * 366)

/** From so many hours ago until now, as RFC 3339. */
export const since = (hours: number) => ({ from: new Date(Date.now() - hours * HOUR_MS).toISOString(), to: new Date().toISOString() })
