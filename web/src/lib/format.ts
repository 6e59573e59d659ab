import { Big } from 'big.js'

/** US dollars for people. An unknown price is said, never shown as zero. */
export function formatUsd(usd: string | null): string {
  if (usd === null) return 'no price'
  const amount = new Big(usd)
  if (amount.eq(0)) return '$0'
  if (amount.abs().lt('0.0001')) return `$${amount.prec(2).toFixed()}`
  return `$${amount.abs().lt(1) ? amount.toFixed(4) : amount.toFixed(2).replace(/\B(?=(\d{3})+(?!\d))/g, ',')}`
}

const COUNT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
const EXACT = new Intl.NumberFormat('en')
export const formatCount = (n: number) => (n < 10_000 ? EXACT.format(n) : COUNT.format(n))
export const formatExact = (n: number) => EXACT.format(n)

/** Milliseconds for people: 12 ms, 3.4 s, 2 m 05 s, 1 h 02 m. Rounded before the unit is chosen: no 1000 ms, no 60.0 s. */
export function formatMs(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return '–'
  if (ms <= -0.005) return `−${formatMs(-ms)}`
  if (ms < 0.995) return ms === 0 ? '0 ms' : `${Math.abs(ms).toFixed(2)} ms`
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1_000).toFixed(ms < 9_995 ? 2 : 1)} s`
  const two = (n: number) => String(n).padStart(2, '0')
  const seconds = Math.round(ms / 1_000)
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`
  const minutes = Math.round(ms / 60_000)
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} m`
}

export function formatBytes(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`
  if (bytes < 1_048_576) return `${(bytes / 1_024).toFixed(1)} KiB`
  return `${(bytes / 1_048_576).toFixed(1)} MiB`
}

/** Undefined: the browser's. */
let timeZone: string | undefined
const formats = new Map<string, Intl.DateTimeFormat>()

/** The zone that all times are shown in from now on; null: the browser's. Only the reader's preferences call it. */
export function setTimeZone(zone: string | null): void {
  timeZone = zone ?? undefined
  formats.clear()
}

export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** Chromium lists zones under names that their cities have long given up: nobody looks for Kolkata at Calcutta. */
const NEW_NAMES: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Godthab': 'America/Nuuk',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
}

/** A browser that doesn't know the new name keeps the old one. */
function renamed(zone: string): string {
  const name = NEW_NAMES[zone]
  return name !== undefined && isTimeZone(name) ? name : zone
}

export const browserTimeZone = () => renamed(new Intl.DateTimeFormat().resolvedOptions().timeZone)

/** All zones that the browser knows, UTC first, each once. */
export const timeZones = (): readonly string[] => [
  ...new Set([
    'UTC',
    ...Intl.supportedValuesOf('timeZone')
      .map(renamed)
      .toSorted((a, b) => a.localeCompare(b)),
  ]),
]

/** A time in the reader's zone, by the parts that are asked for. */
export function formatParts(at: Date | number, options: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify(options)
  const format = formats.get(key) ?? new Intl.DateTimeFormat('en-GB', { ...options, timeZone })
  formats.set(key, format)
  return format.format(at)
}

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const
const CLOCK_MS = { ...CLOCK, fractionalSecondDigits: 3 } as const
const DAY = { day: 'numeric', month: 'short' } as const
const DATE = { ...DAY, year: 'numeric' } as const

/** In the reader's time zone; the day is left out today, the year this year. */
export const formatTime = (rfc3339: string | null): string => formatMoment(rfc3339, CLOCK)

/** The same with milliseconds, for what follows closely on each other. */
export const formatTimeMs = (rfc3339: string | null): string => formatMoment(rfc3339, CLOCK_MS)

function formatMoment(rfc3339: string | null, clock: Intl.DateTimeFormatOptions): string {
  if (rfc3339 === null) return '–'
  const at = new Date(rfc3339)
  if (Number.isNaN(at.getTime())) return '–'
  const now = Date.now()
  if (formatParts(at, DATE) === formatParts(now, DATE)) return formatParts(at, clock)
  const isThisYear = formatParts(at, { year: 'numeric' }) === formatParts(now, { year: 'numeric' })
  return formatParts(at, { ...(isThisYear ? DAY : DATE), ...clock })
}

/** The exact time, for tooltips: UTC with all digits that are known. */
export const formatUtc = (rfc3339: string | null): string => {
  if (rfc3339 === null) return '–'
  const [, day, clock] = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?)(?:Z|\+00:?00)?$/.exec(rfc3339) ?? []
  if (day !== undefined) return `${day} ${clock} UTC`
  const at = new Date(rfc3339)
  return Number.isNaN(at.getTime()) ? rfc3339 : at.toISOString().replace('T', ' ').replace('Z', ' UTC')
}

export function formatAgo(rfc3339: string): string {
  const ms = Date.now() - Date.parse(rfc3339)
  if (ms < 5_000) return 'just now'
  if (ms < 60_000) return `${Math.round(ms / 1_000)} s ago`
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min ago`
  if (ms < 86_400_000) return `${Math.round(ms / 3_600_000)} h ago`
  return `${Math.round(ms / 86_400_000)} d ago`
}

/** Milliseconds between two times; until now where the second is missing. */
export const durationMs = (from: string | null, to: string | null) =>
  from === null ? null : (to === null ? Date.now() : Date.parse(to)) - Date.parse(from)
