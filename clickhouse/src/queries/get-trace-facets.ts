import type { ClickHouseClient } from '../client.ts'
import { runJson } from './run-json.ts'

/** What the traces of a range can be filtered by, the most frequent values first. */
export interface TraceFacets {
  readonly services: string[]
  readonly environments: string[]
  readonly agents: string[]
  readonly models: string[]
  readonly kinds: string[]
}

const MOST_VALUES = 100

export async function getTraceFacets(
  client: ClickHouseClient,
  input: { projectId: string; from: string; to: string },
): Promise<TraceFacets> {
  const top = (column: string, name: string) => `topKIf(${MOST_VALUES})(toString(${column}), ${column} != '') AS ${name}`
  const [row] = await runJson<TraceFacets>(
    client,
    `SELECT ${top('service', 'services')}, ${top('environment', 'environments')}, ${top('agent', 'agents')}, ${top('model', 'models')},
       ${top('kind', 'kinds')}
     FROM spans WHERE project_id = {projectId:UUID} AND start_time >= parseDateTime64BestEffort({from:String}, 9)
       AND start_time < parseDateTime64BestEffort({to:String}, 9)`,
    input,
  )
  return row ?? { services: [], environments: [], agents: [], models: [], kinds: [] }
}
