import type { RunSummary, WorkerInfo } from '@cairn/sdk/protocol'
import { plural } from '../text/format.ts'
import { type Check, failed, ok, warning } from './check.ts'

const CLOCK_LIMIT_MS = 5_000
const OLDEST_NODE = 20

export function judgeNode(version: string): Check {
  const what = 'Node'
  if (Number(version.replace(/^v/, '').split('.')[0]) >= OLDEST_NODE) return ok('node', what, version)
  return failed('node', what, `${version} is too old`, `Install Node ${OLDEST_NODE} or newer.`)
}

/** The collector's clock by its Date header, which has whole seconds, between our clocks before and after. */
export function judgeClock(date: string | null, beforeMs: number, afterMs: number): Check {
  const theirs = date === null ? Number.NaN : Date.parse(date)
  if (Number.isNaN(theirs)) return warning('clock', 'Clock', 'the collector sent no time', 'A proxy may have taken the Date header away.')
  const offMs = theirs > afterMs ? theirs - afterMs : theirs + 999 < beforeMs ? theirs + 999 - beforeMs : 0
  if (Math.abs(offMs) < CLOCK_LIMIT_MS)
    return ok('clock', 'Clock', offMs === 0 ? 'same as the collector’s, to the second' : `${Math.abs(offMs)} ms apart`)
  const text = `the collector's is ${Math.round(Math.abs(offMs) / 1_000)} s ${offMs > 0 ? 'ahead' : 'behind'}`
  return warning('clock', 'Clock', text, 'Set both clocks by NTP: spans of several machines would stand at wrong places.')
}

export function judgeVersions(collector: string, cli: string): Check {
  const what = 'Versions'
  const [theirs, ours] = [collector, cli].map((version) => version.split('.').slice(0, 2).join('.'))
  if (theirs === ours) return ok('versions', what, `collector ${collector}, CLI ${cli}`)
  return warning(
    'versions',
    what,
    `collector ${collector}, CLI ${cli}`,
    'Bring both to one version: answers of the other may lack something.',
  )
}

export function judgeWorkers(workers: readonly Pick<WorkerInfo, 'agents' | 'endedAt' | 'capacity' | 'runsHeld'>[]): Check {
  const what = 'Workers'
  const live = workers.filter((worker) => worker.endedAt === null && worker.agents.length > 0)
  if (live.length === 0)
    return warning('workers', what, 'none is alive', 'Start your agent: `await cairn.serve([agent])`. Runs wait until then.')
  const agents = [...new Set(live.flatMap((worker) => worker.agents.map((agent) => agent.name)))].sort()
  const held = live.reduce((sum, worker) => sum + worker.runsHeld, 0)
  const room = live.reduce((sum, worker) => sum + worker.capacity, 0)
  const text = `${live.length} alive, ${held} of ${room} runs, serve ${agents.slice(0, 8).join(', ')}${agents.length > 8 ? ` and ${agents.length - 8} more` : ''}`
  if (held >= room) return warning('workers', what, `${text}: all are full`, 'Start another worker, or raise the capacity of one.')
  return ok('workers', what, text)
}

/** Runs that wait for a worker that isn't there. */
export function judgeQueue(
  queued: readonly Pick<RunSummary, 'agent'>[],
  workers: readonly Pick<WorkerInfo, 'agents' | 'endedAt'>[],
  isWhole: boolean,
): Check {
  const what = 'Queue'
  const served = new Set(workers.filter((worker) => worker.endedAt === null).flatMap((worker) => worker.agents.map((agent) => agent.name)))
  const orphans = queued.filter((run) => !served.has(run.agent))
  const more = isWhole ? '' : ' of those looked at'
  if (orphans.length === 0)
    return ok('queue', what, queued.length === 0 ? 'empty' : `${plural(queued.length, 'run')}${more}, each with a live worker`)
  const agents = [...new Set(orphans.map((run) => run.agent))].sort()
  return warning(
    'queue',
    what,
    `${plural(orphans.length, 'run')}${more} wait for agents that no worker serves: ${agents.slice(0, 8).join(', ')}`,
    'Start a worker that serves them, or cancel the runs: cairn runs list --status queued',
  )
}
