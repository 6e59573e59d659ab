import { isRunId, type Span } from '@cairn/sdk/protocol'
import { LONGEST_RANGE, rangeReaching } from '@/features/shell/ranges'

/** Attributes that a list has a filter of their own for. */
const FILTERS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'gen_ai.agent.name': 'agent',
    'cairn.agent': 'agent',
    'session.id': 'sessionId',
    'gen_ai.conversation.id': 'sessionId',
    'user.id': 'userId',
    'enduser.id': 'userId',
    'gen_ai.request.model': 'model',
    'gen_ai.response.model': 'model',
    'service.name': 'service',
    'deployment.environment.name': 'environment',
    'deployment.environment': 'environment',
  }),
)
const OF_RUNS = new Set(['agent', 'sessionId', 'userId'])
const LONGEST = 200
const LIST_HOURS = 24

/** Where what has the same value is listed: runs where the span is of one and they have a filter for it, else traces as old as it. */
export function attributeList({ runId, startTime }: Pick<Span, 'runId' | 'startTime'>, key: string, value: string): string | null {
  if (value === '' || value.length > LONGEST) return null
  if (key === 'cairn.run.id' && isRunId(value)) return `/runs/${value}`
  const filter = FILTERS.get(key) ?? 'q'
  if (runId !== '' && OF_RUNS.has(filter)) return `/runs?${new URLSearchParams({ [filter]: value })}`
  const hours = rangeReaching(Date.now() - Date.parse(startTime))?.[0] ?? LONGEST_RANGE
  // The list's own range, if that is enough.
  const range = hours > LIST_HOURS ? { hours: String(hours) } : {}
  return `/traces?${new URLSearchParams({ runs: 'all', [filter]: value, ...range })}`
}
