import type { PutSchedule, Schedule } from '@cairn/sdk/protocol'

/** What a schedule is made again from. */
export function toPut(schedule: Schedule): PutSchedule {
  const { agent, cron, timezone, input, catchUp, priority, version, concurrencyKey, rateLimitKey } = schedule
  return {
    agent,
    cron,
    timezone,
    input,
    catchUp,
    priority,
    ...(version === null ? {} : { version }),
    ...(concurrencyKey === null ? {} : { concurrencyKey }),
    ...(rateLimitKey === null ? {} : { rateLimitKey }),
  }
}

/** The form's texts. */
export interface ScheduleForm {
  readonly name: string
  readonly agent: string
  readonly version: string
  readonly cron: string
  readonly timezone: string
  readonly input: string
  readonly priority: string
  readonly catchUp: boolean
}

export function toForm(schedule: Schedule | null, timezone: string): ScheduleForm {
  if (schedule === null)
    return { name: '', agent: '', version: '', cron: '0 3 * * *', timezone, input: 'null', priority: '0', catchUp: false }
  return {
    name: schedule.name,
    agent: schedule.agent,
    version: schedule.version ?? '',
    cron: schedule.cron,
    timezone: schedule.timezone,
    input: JSON.stringify(schedule.input, null, 2),
    priority: String(schedule.priority),
    catchUp: schedule.catchUp,
  }
}

export type FormFaults = Readonly<Partial<Record<keyof ScheduleForm, string>>>

const MOST_NAME_CHARS = 200

/** What is wrong with a form, by field. The expression and the zone are the collector's to judge. */
export function checkForm(form: ScheduleForm, taken: readonly string[]): FormFaults {
  const faults: Partial<Record<keyof ScheduleForm, string>> = {}
  const name = form.name.trim()
  if (name === '') faults.name = 'Give it a name.'
  else if (name.length > MOST_NAME_CHARS) faults.name = `At most ${MOST_NAME_CHARS} characters.`
  else if (taken.includes(name)) faults.name = 'There is a schedule of this name: edit that one.'
  if (form.agent.trim() === '') faults.agent = 'Say which agent runs.'
  if (form.cron.trim() === '') faults.cron = 'Say when, as in 0 3 * * 1-5.'
  if (!/^-?\d{1,4}$/.test(form.priority.trim())) faults.priority = 'A whole number.'
  try {
    JSON.parse(form.input === '' ? 'null' : form.input)
  } catch (error) {
    faults.input = `Not JSON: ${error instanceof Error ? error.message : 'it does not parse'}`
  }
  return faults
}

/** The schedule that a form without faults says; what the form has no field for stays. */
export function fromForm(form: ScheduleForm, before: Schedule | null): PutSchedule {
  const { version: _, ...kept } = before === null ? ({} as Partial<PutSchedule>) : toPut(before)
  const version = form.version.trim()
  return {
    ...kept,
    agent: form.agent.trim(),
    cron: form.cron.trim(),
    timezone: form.timezone,
    input: JSON.parse(form.input === '' ? 'null' : form.input),
    priority: Number(form.priority),
    catchUp: form.catchUp,
    ...(version === '' ? {} : { version }),
  }
}

/** "in 3 h 05 m"; overdue ones are due now. */
export function untilText(rfc3339: string, nowMs: number): string {
  const minutes = Math.round((Date.parse(rfc3339) - nowMs) / 60_000)
  if (minutes <= 0) return 'now'
  if (minutes < 60) return `in ${minutes} min`
  if (minutes < 48 * 60) return `in ${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} m`
  return `in ${Math.round(minutes / 1_440)} d`
}

/** A time in the schedule's own zone, with the day of the week. */
export function inZone(rfc3339: string, timeZone: string): string {
  const parts = { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const
  return new Intl.DateTimeFormat('en-GB', { ...parts, timeZone, timeZoneName: 'short' }).format(new Date(rfc3339))
}
