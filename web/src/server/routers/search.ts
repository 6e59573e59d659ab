import type { RunPage, RunSummary } from '@cairn/sdk/protocol'
import { TRPCError } from '@trpc/server'
import { z } from 'zod'
import { callCollector } from '../collector'
import { procedure, router } from '../trpc'

const Q = z.object({ q: z.string().max(200) })

interface FailureItem {
  readonly group: string
  readonly errorType: string
  readonly errorMessage: string
  readonly agent: string
  readonly step: string
}

const runsOf = async (query: Readonly<Record<string, string | number>>): Promise<readonly RunSummary[]> =>
  (await callCollector<RunPage>('/api/v1/runs', { query })).items

const failuresOf = async (q: string): Promise<readonly FailureItem[]> => {
  try {
    return (await callCollector<{ items: FailureItem[] }>('/api/v1/failures', { query: { q, limit: 5 } })).items
  } catch (error) {
    // A collector of an older version knows no groups.
    if (error instanceof TRPCError && error.code === 'NOT_FOUND') return []
    throw error
  }
}

/** What a few letters may mean, over all that is stored. */
export const searchRouter = router({
  find: procedure.input(Q).query(async ({ input: { q } }) => {
    const text = q.trim()
    const [runs, ofSession, ofUser, failures] = await Promise.all([
      // By a text a sub-agent's run is found too.
      runsOf(text === '' ? { limit: 8, topLevel: 'true' } : { q: text, limit: 8 }),
      text === '' ? [] : runsOf({ sessionId: text, limit: 1 }),
      text === '' ? [] : runsOf({ userId: text, limit: 1 }),
      text === '' ? [] : failuresOf(text),
    ])
    // Those of the runs it found are near: a part of a session's id finds its runs, and by them the session.
    const near = (pick: (run: RunSummary) => string | null, exact: readonly RunSummary[]) => [
      ...new Set([...exact, ...(text === '' ? [] : runs)].map(pick).filter((id) => id?.toLowerCase().includes(text.toLowerCase()))),
    ]
    return {
      runs: runs.map(({ id, agent, status, version, error }) => ({
        id,
        agent,
        status,
        version,
        error: error?.message.slice(0, 120) ?? null,
      })),
      sessions: near((run) => run.sessionId, ofSession).flatMap((id) => id ?? []),
      users: near((run) => run.userId, ofUser).flatMap((id) => id ?? []),
      failures: failures.map(({ group, errorType, errorMessage, agent, step }) => ({
        group,
        label: `${errorType}: ${errorMessage.slice(0, 120)}`,
        where: [agent, step].filter(Boolean).join(' · '),
      })),
    }
  }),
})
