import { RUN_STATUSES } from '@cairn/sdk/protocol'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Query } from './api/client.ts'
import { usageError } from './errors.ts'

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i

/** A run's id, also out of the address of its page. */
export function runIdOf(text: string): string {
  const id = UUID.exec(text)?.[0]
  if (id === undefined)
    throw new InvalidArgumentError(
      `${JSON.stringify(text.slice(0, 80))} holds no run id. Give a UUID as \`cairn runs list\` shows it, or the address of the run's page.`,
    )
  return id.toLowerCase()
}

const LEAST_PART = 5
const PART = /^[0-9a-f](?:[0-9a-f-]*[0-9a-f])?$/i
const TRACE = /^(?:.*\/traces\/)?([0-9a-f]{32})(?:[/?#].*)?$/i

/** Whether it may be the begin or end of a run's id. */
export const isPartOfId = (text: string): boolean => PART.test(text) && text.length >= LEAST_PART && text.length < 32

/** What names a run: its id, also out of an address, or the begin or end of its id, which is looked up. */
export function runRefOf(text: string): string {
  if (UUID.test(text)) return runIdOf(text)
  if (isPartOfId(text)) return text.toLowerCase()
  const found = traceIdOf(text)
  throw new InvalidArgumentError(
    found === undefined
      ? `It names no run. Give an id as \`cairn runs list\` shows it, its first or last ${LEAST_PART} characters or more (0-9, a-f), or the address of the run's page.`
      : `That is the id of a trace, and this takes a run's. \`cairn runs show ${found}\` shows the trace.`,
  )
}

/** A trace's id, also out of the address of its page; undefined: it is none. */
export const traceIdOf = (text: string): string | undefined => TRACE.exec(text.trim())?.[1]?.toLowerCase()

export const runOrTraceOf = (text: string): string => traceIdOf(text) ?? runRefOf(text)

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** A time as RFC 3339: `2h`, `7d` (ago), a date, or a time. */
export function parseTime(text: string, now: number): string {
  const ago = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text.trim())
  const ms = ago ? now - Number(ago[1]) * (UNITS_MS[ago[2] ?? ''] ?? 0) : /^\d{4}-\d\d/.test(text.trim()) ? Date.parse(text) : Number.NaN
  const date = new Date(ms)
  if (Number.isNaN(date.getTime()))
    throw usageError(`${JSON.stringify(text.slice(0, 80))} is no time.`, 'Write 30m, 2h, 7d (ago), 2026-11-25, or 2026-11-25T10:00:00Z.')
  return date.toISOString()
}

export function parsePositive(text: string): number {
  const n = Number(text)
  if (!Number.isFinite(n) || n <= 0) throw new InvalidArgumentError('It must be a number above 0.')
  return n
}

export function parseCount(text: string): number {
  const n = Number(text)
  if (!Number.isInteger(n) || n <= 0) throw new InvalidArgumentError('It must be a whole number above 0.')
  return n
}

export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw usageError(`${what}: ${JSON.stringify(text.slice(0, 80))} is not JSON.`, `A text is written with its quotes: '"yes"'.`)
  }
}

const statuses = (text: string): string[] => {
  const names = text.split(',').map((name) => name.trim())
  for (const name of names)
    if (!(RUN_STATUSES as readonly string[]).includes(name)) throw new InvalidArgumentError(`Statuses are ${RUN_STATUSES.join(', ')}.`)
  return names
}

/** Which runs: the same for lists, exports and bulk resumes. */
export interface FilterOptions {
  readonly status?: string[]
  readonly agent?: string
  readonly agentVersion?: string
  readonly session?: string
  readonly user?: string
  readonly tag?: string
  readonly text?: string
  readonly query?: string
  readonly since?: string
  readonly until?: string
  readonly failure?: string
}

export function addFilterOptions(command: Command): Command {
  return command
    .addOption(new Option('--status <statuses>', `one or several by comma: ${RUN_STATUSES.join(', ')}`).argParser(statuses))
    .option('--agent <name>', 'runs of this agent')
    .option('--agent-version <version>', 'runs of this version')
    .option('--session <id>', 'runs of this session')
    .option('--user <id>', 'runs of this user')
    .option('--tag <tag>', 'runs with this tag')
    .option('--failure <id>', 'runs of this failure group')
    .option('--text <text>', 'text in agent, id, input, output or error')
    .option('--query <query>', 'as in the query bar of the page: status:crashed cost:>0.5 "refund"')
    .option('--since <time>', 'created since: 30m, 2h, 7d, or a date')
    .option('--until <time>', 'created until')
}

export function toRunFilter(options: FilterOptions, now: number): Query {
  return {
    status: options.status,
    agent: options.agent,
    version: options.agentVersion,
    sessionId: options.session,
    userId: options.user,
    tag: options.tag,
    errorGroup: options.failure,
    q: options.text,
    query: options.query,
    from: options.since === undefined ? undefined : parseTime(options.since, now),
    to: options.until === undefined ? undefined : parseTime(options.until, now),
  }
}
