import type { DecideFailure, FailureChange, FailureExample, FailureGroup } from '@cairn/sdk/protocol'

/** What a person picks when muting, and what is asked for. */
export const MUTES = [
  ['for a day', { hours: 24 }],
  ['for a week', { hours: 168 }],
  ['until 10 more', { count: 10 }],
  ['until 100 more', { count: 100 }],
  ['for good', {}],
] as const satisfies readonly (readonly [string, { hours?: number; count?: number }])[]

export type Mute = (typeof MUTES)[number][0]

/** The decision of a choice made at a time. */
export function toMute(choice: Mute, nowMs: number): DecideFailure {
  const found: { hours?: number; count?: number } = MUTES.find(([label]) => label === choice)?.[1] ?? {}
  return {
    state: 'muted',
    ...(found.hours === undefined ? {} : { untilTime: new Date(nowMs + found.hours * 3_600_000).toISOString() }),
    ...(found.count === undefined ? {} : { untilCount: found.count }),
  }
}

/** What puts a group back to how it was. A mute that waits for more waits for those that were left. */
export function toDecision({ state, regression, decision }: Pick<FailureGroup, 'state' | 'regression' | 'decision'>): DecideFailure {
  if (decision === null || state === 'open') return { state, ...(regression ? { regression } : {}) }
  return {
    state,
    ...(decision.note === null ? {} : { note: decision.note }),
    ...(state === 'resolved' && decision.inVersion !== null ? { inVersion: decision.inVersion } : {}),
    ...(state === 'muted' && decision.untilTime !== null ? { untilTime: decision.untilTime } : {}),
    ...(state === 'muted' && decision.left !== null && decision.left > 0 ? { untilCount: decision.left } : {}),
  }
}

/** Whether a group is as it is wanted already. */
export const isDecided = (
  now: Pick<FailureGroup, 'state' | 'regression' | 'decision'>,
  { actor: _actor, ...wanted }: DecideFailure,
): boolean => {
  const decided = toDecision(now)
  return KEYS.every((key) => wanted[key] === undefined || wanted[key] === decided[key])
}

const KEYS = ['state', 'note', 'inVersion', 'untilTime', 'untilCount'] as const

/** Where to look for the cause: the span that failed, in its run or trace. */
export function toSpanLink({ runId, traceId, spanId }: FailureExample): string {
  const page = runId === null ? `/traces/${traceId}` : `/runs/${runId}`
  return spanId === null ? page : `${page}?span=${spanId}`
}

const RUN_FILTERS: Readonly<Record<string, string>> = { version: 'version', user: 'userId', session: 'sessionId', tag: 'tag' }

/** The runs of an agent that have an attribute; null where the list of runs can't be asked for it. */
export function toRunsLink(agent: string, attribute: string, value: string): string | null {
  const filter = RUN_FILTERS[attribute]
  return filter === undefined ? null : `/runs?${new URLSearchParams({ agent, [filter]: value })}`
}

const NAMES: Readonly<Record<string, string>> = {
  version: 'agent version',
  serviceVersion: 'service version',
  inputSize: 'input size',
  hour: 'hour of the day',
}
export const attributeName = (attribute: string): string => NAMES[attribute] ?? attribute.replace(/^(metadata|attribute)\./, '')

const SURE = 0.001
const LIKELY = 0.05
/** Past this nothing is proven: it is shown only because most of the failed have it and few of the good. */
const UNPROVEN = 0.2

export type Strength = 'strong' | 'likely' | 'may be chance' | 'too few to say'

/** How much a difference proves, in a word. */
export const strengthOf = (p: number): Strength => {
  if (p > UNPROVEN) return 'too few to say'
  return p <= SURE ? 'strong' : p <= LIKELY ? 'likely' : 'may be chance'
}

/** 0.00001 → less than 0.001. */
export const formatP = (p: number): string => (p < SURE ? 'p < 0.001' : `p = ${p.toFixed(p < 0.1 ? 3 : 2)}`)

/** Half a run more on each side keeps it finite; past this it says no more than "only". */
export const formatLift = (lift: number): string => (lift >= 100 ? 'over 100 ×' : `${lift.toFixed(lift < 10 ? 1 : 0)} ×`)

export const percent = (part: number, all: number): string => (all === 0 ? '–' : `${Math.round((part / all) * 100)} %`)

/** A change of a group's history as a sentence without its subject. */
export function describeChange({ change, details }: FailureChange, formatTime: (time: string) => string): string {
  switch (change) {
    case 'open':
      return 'opened it'
    case 'resolved':
      return details.inVersion === undefined ? 'resolved it' : `resolved it in version ${details.inVersion}`
    case 'muted':
      if (details.untilTime !== undefined) return `muted it until ${formatTime(details.untilTime)}`
      return details.untilCount === undefined ? 'muted it for good' : `muted it until ${details.untilCount} more`
    case 'regressed':
      return details.version === undefined ? 'failed again: a regression' : `failed again in version ${details.version}: a regression`
    case 'unmuted':
      return 'opened again: its mute was over'
    case 'merged':
      return `merged ${count(details.groups?.length ?? 0)} into it`
    case 'unmerged':
      return `took ${count(details.groups?.length ?? 0)} out of it`
  }
}

const count = (groups: number): string => (groups === 1 ? 'a group' : `${groups} groups`)

/** Which row is next, `by` so many below; stays inside. */
export function moveRow(groups: readonly string[], at: string | null, by: number): string | null {
  const index = at === null ? -1 : groups.indexOf(at)
  if (index === -1) return groups[0] ?? null
  return groups[Math.min(groups.length - 1, Math.max(0, index + by))] ?? null
}

/** Points of a sparkline in a box: the greatest touches the top, nothing lies at the bottom. */
export function toBars(trend: readonly number[], width: number, height: number): { x: number; y: number; width: number; height: number }[] {
  const most = Math.max(1, ...trend)
  const step = width / Math.max(1, trend.length)
  return trend.map((value, at) => {
    const tall = value === 0 ? 1 : Math.max(2, (value / most) * height)
    return { x: at * step, y: height - tall, width: Math.max(1, step - 1), height: tall }
  })
}
