import type { Pool } from 'pg'
import type { Queryable } from '../queryable.ts'
import { inTransaction } from '../transaction.ts'
import { type ClaimOptions, type ServedAgentRow, servable, servedAgents, takeDue, toServedJson } from './claim-runs.ts'
import type { RunRow } from './run-row.ts'

// Of the limited agents only those with something due: a worker that waits takes no lock. In one order, so that two claims
// never wait for each other.
const LOCK = `
SELECT agent, pg_advisory_xact_lock(lock) FROM (
  SELECT agent, hashtextextended('claim ' || $1 || ' ' || agent, 0) AS lock FROM unnest($2::text[]) AS agent
  WHERE EXISTS (SELECT FROM runs r WHERE r.project_id = $1::uuid AND r.agent = agent.agent AND r.ready_at <= now() AND r.parent_run_id IS NULL)
  ORDER BY lock
) AS due`

/** Rows looked at beyond the limit: runs of a key with few slots left must not hide those of the next key. */
const LOOK_AHEAD = 1_000

/** Another limit is another bucket: what an old one reserved far ahead must not hold back a new one. */
const bucket = (run: string, agent: string) =>
  `jsonb_build_array('agent', ${run}.agent, coalesce(${run}.rate_limit_key, ''), ${agent}."rateLimit", ${agent}."ratePeriodMs")::text`
const slot = (run: string) => `coalesce(${run}.concurrency_key, '')`

/** SQL of the whole tokens of the bucket of a run, by its agent's limit. The statement is later than the lock; now() isn't. */
const tokens = (run: string, agent: string) => `floor(1e-6 + ${agent}."rateLimit" * (1 - greatest(0, extract(epoch FROM
  (SELECT b.full_at FROM rate_limits b WHERE b.project_id = $1 AND b.key = ${bucket(run, agent)}) - statement_timestamp()) * 1000) / ${agent}."ratePeriodMs"))`

// What goes on is counted, not kept: nothing can drift, however a run ends. The first of \`candidate\` always fits, so that a
// claim that gives less than it could gives something, and the next one goes on. Only first starts take a token.
const SQL = `
WITH served AS (${servedAgents}
), running AS (
  SELECT r.agent, ${slot('r')} AS slot, count(*) AS n FROM runs r JOIN served s ON s.name = r.agent
  WHERE r.project_id = $1 AND r.status = 'running' AND s."concurrency" IS NOT NULL
  GROUP BY 1, 2
), taking AS (
  SELECT agent, slot, n, n >= s."concurrency" AS is_full FROM running JOIN served s ON s.name = agent
), candidate AS (
  SELECT r.*, s."concurrency" FROM served s CROSS JOIN LATERAL (
    SELECT r.id, r.agent, r.priority, r.ready_at, ${slot('r')} AS slot, t.tokens,
      CASE WHEN s."rateLimit" IS NOT NULL AND r.execution = 0 THEN ${bucket('r', 's')} END AS bucket
    FROM runs r
    CROSS JOIN LATERAL (SELECT CASE WHEN s."rateLimit" IS NOT NULL AND r.execution = 0 THEN ${tokens('r', 's')} END AS tokens) AS t
    WHERE r.project_id = $1 AND r.agent = s.name AND r.ready_at <= now() AND r.parent_run_id IS NULL
      AND ${servable}
      AND (r.agent, ${slot('r')}) NOT IN (SELECT agent, slot FROM taking WHERE is_full)
      AND (t.tokens IS NULL OR t.tokens >= 1)
    ORDER BY r.priority DESC, r.ready_at LIMIT $4 + ${LOOK_AHEAD}
  ) AS r
), ranked AS (
  SELECT c.*, c."concurrency" - coalesce(n.n, 0) AS slots,
    row_number() OVER (PARTITION BY c.agent, c.slot ORDER BY c.priority DESC, c.ready_at, c.id) AS nth_of_slot,
    row_number() OVER (PARTITION BY c.bucket ORDER BY c.priority DESC, c.ready_at, c.id) AS nth_of_bucket
  FROM candidate c LEFT JOIN taking n ON n.agent = c.agent AND n.slot = c.slot
), fitting AS MATERIALIZED (
  SELECT id, bucket, priority, ready_at FROM ranked WHERE (slots IS NULL OR nth_of_slot <= slots) AND (bucket IS NULL OR nth_of_bucket <= tokens)
), due AS (
  SELECT r.id, (SELECT f.bucket FROM fitting f WHERE f.id = r.id) AS bucket, s.* FROM runs r JOIN served s ON s.name = r.agent
  WHERE r.project_id = $1 AND r.id = ANY(ARRAY(SELECT id FROM fitting ORDER BY priority DESC, ready_at LIMIT $4)) AND r.ready_at <= now()
  ORDER BY r.priority DESC, r.ready_at
  FOR UPDATE OF r SKIP LOCKED
), taken AS (
  INSERT INTO rate_limits (project_id, key, full_at)
  SELECT $1, d.bucket, greatest(min(b.full_at), statement_timestamp()) + count(*) * min(d."ratePeriodMs" / d."rateLimit") * interval '1 millisecond'
  FROM due d LEFT JOIN rate_limits b ON b.project_id = $1 AND b.key = d.bucket
  WHERE d.bucket IS NOT NULL GROUP BY d.bucket
  ON CONFLICT (project_id, key) DO UPDATE SET full_at = excluded.full_at
), ${takeDue}`

/**
 * Gives due runs to a worker, never more than the limits that it says of its agents. Claims of one limited agent go one at a
 * time (its lock), and the second statement sees what the one before it has claimed; agents without limits are not waited for.
 */
export function claimLimitedRuns(pool: Pool, options: Omit<ClaimOptions, 'runId'>): Promise<RunRow[]> {
  return inTransaction(pool, async (db) => {
    const locked = await lockDueAgents(db, options)
    const agents = options.agents.filter((agent) => !isLimited(agent) || locked.has(agent.name))
    if (agents.length === 0) return []
    const { rows } = await db.query<RunRow>({
      name: 'claim-limited-runs',
      text: SQL,
      values: [options.projectId, options.workerId, toServedJson(agents), options.limit],
    })
    return rows
  })
}

export const isLimited = ({ limits }: Pick<ServedAgentRow, 'limits'>): boolean =>
  limits !== undefined && (limits.concurrency !== null || limits.rate !== null)

async function lockDueAgents(db: Queryable, { projectId, agents }: Pick<ClaimOptions, 'projectId' | 'agents'>): Promise<Set<string>> {
  const { rows } = await db.query<{ agent: string }>({
    name: 'lock-limited-agents',
    text: LOCK,
    values: [projectId, agents.filter(isLimited).map((agent) => agent.name)],
  })
  return new Set(rows.map((row) => row.agent))
}
