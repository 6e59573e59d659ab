import type { ClickHouseClient } from '../client.ts'
import { runJson } from './run-json.ts'

export interface FailureGroup {
  readonly errorGroup: string
  readonly errorType: string
  readonly errorMessage: string
  readonly agent: string
  readonly step: string
  readonly runs: number
  /** RFC 3339. */
  readonly lastSeen: string
}

/** What failed most in a range of time, of one user where that is asked; sub-agents' runs apart. */
export async function listTopFailures(
  client: ClickHouseClient,
  input: { projectId: string; from: string; to: string; userId?: string | undefined; limit: number },
): Promise<FailureGroup[]> {
  const groups = await runJson<Omit<FailureGroup, 'runs'> & { runs: string }>(
    client,
    `SELECT error_group AS errorGroup, argMax(error_type, runs.created_at) AS errorType,
       argMax(error_message, runs.created_at) AS errorMessage, any(runs.agent) AS agent, any(failed_step) AS step, count() AS runs,
       formatDateTime(max(runs.created_at), '%Y-%m-%dT%H:%i:%SZ') AS lastSeen
     FROM runs FINAL WHERE project_id = {projectId:UUID} AND created_at >= parseDateTime64BestEffort({from:String}, 6)
       AND created_at < parseDateTime64BestEffort({to:String}, 6) ${input.userId === undefined ? '' : 'AND user_id = {userId:String}'}
       AND status IN ('failed', 'crashed') AND parent_run_id = '' AND error_type != ''
     GROUP BY if(error_group = '', error_type, error_group) AS grouped, error_group ORDER BY count() DESC LIMIT {limit:UInt32}`,
    input,
  )
  return groups.map((group) => ({ ...group, runs: Number(group.runs) }))
}
