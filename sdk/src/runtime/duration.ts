import { CairnError } from '../errors.ts'

/** A length of time: milliseconds as a number, or text such as `250ms`, `30s`, `5m`, `12h`, `2d`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** @throws {CairnError} `invalid_step` for text that isn't a duration */
export function durationToMs(duration: Duration): number {
  if (typeof duration === 'number') {
    if (Number.isFinite(duration) && duration >= 0) return duration
  } else {
    const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(duration)
    if (match) return Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 1)
  }
  throw new CairnError('invalid_step', `"${duration}" is not a duration: use milliseconds, or text such as "30s", "5m", "2d".`)
}
