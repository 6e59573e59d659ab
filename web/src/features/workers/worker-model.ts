import type { WorkerRow } from '@cairn/prisma'

export interface ServedAgent {
  readonly name: string
  readonly versions: readonly string[]
}

/** What a worker said it serves, as far as it is that. */
export function servedBy(worker: Pick<WorkerRow, 'agents'>): ServedAgent[] {
  if (!Array.isArray(worker.agents)) return []
  return worker.agents.flatMap((agent: unknown) =>
    typeof agent === 'object' && agent !== null && 'name' in agent && typeof agent.name === 'string'
      ? [{ name: agent.name, versions: 'versions' in agent && Array.isArray(agent.versions) ? agent.versions.map(String) : [] }]
      : [],
  )
}

export const versionText = ({ versions }: ServedAgent): string => versions.map((version) => `v${version}`).join(', ')

/** A process that calls agents itself serves nobody: its room says nothing. */
const serves = (worker: WorkerRow): boolean => servedBy(worker).length > 0

export function sumWorkers(workers: readonly WorkerRow[]) {
  const alive = workers.filter((worker) => worker.endedAt === null)
  const agents = [...new Set(workers.flatMap((worker) => servedBy(worker).map((agent) => agent.name)))].sort()
  const crashes = workers.flatMap((worker) => worker.lastCrash ?? [])
  return {
    alive: alive.length,
    held: alive.filter(serves).reduce((sum, worker) => sum + worker.runsHeld, 0),
    capacity: alive.filter(serves).reduce((sum, worker) => sum + worker.capacity, 0),
    /** Names of all, and how many of them a live worker serves. */
    agents,
    served: new Set(alive.flatMap((worker) => servedBy(worker).map((agent) => agent.name))).size,
    lastCrash: crashes.sort((a, b) => Date.parse(b.at) - Date.parse(a.at))[0] ?? null,
  }
}

const REASONS: Readonly<Record<string, string>> = { goodbye: 'stopped', lost: 'connection dropped', expired: 'lease ran out' }
export const endText = (reason: string | null): string => REASONS[reason ?? ''] ?? 'ended'
