import type { ClickHouseClient } from '../../client.ts'
import { runCosts, toLostUsd, WASTED, wastedTrees } from '../run-cost.ts'
import { runJson } from '../run-json.ts'
import { toSavedUsd, trimDecimal } from '../usage-columns.ts'
import {
  buildReport,
  type ReportInput,
  type ReportRow,
  RUN_DIMENSIONS,
  readGroup,
  SPAN_DIMENSIONS,
  type SpanDimension,
  toNumber,
} from './report-query.ts'
import { readCacheSavings, readSpanSavings } from './span-savings.ts'

export const SAVINGS_COLUMNS = [
  'runs',
  'lostUsd',
  'savedByResumeUsd',
  'savedByProviderCacheUsd',
  'savedByStepCacheUsd',
  'savedByStepCacheTokens',
  'savedByCompactionUsd',
  'savedByCompactionTokens',
] as const

const NOTHING: ReportRow = Object.freeze({
  runs: 0,
  lostUsd: '0',
  savedByResumeUsd: '0',
  savedByProviderCacheUsd: '0',
  savedByStepCacheUsd: '0',
  savedByStepCacheTokens: 0,
  savedByCompactionUsd: '0',
  savedByCompactionTokens: 0,
})

/** Both tables know these: a figure of runs and one of spans can stand in one row. */
const COMMON: readonly SpanDimension[] = ['agent', 'version', 'user', 'session', 'day', 'hour']

const pick = (from: Readonly<Partial<Record<SpanDimension, string>>>) => Object.fromEntries(COMMON.map((name) => [name, from[name] ?? '']))

/**
 * Money lost to runs that ended without success and to executions whose steps had to run again, saved by replaying finished steps, and saved by the provider's cache
 * against its own price of uncached input (known where the same call also had uncached input). Most lost first.
 * What the step cache and summaries saved are figures of their own; their dollars are of what has a price, null if none has.
 */
export async function savingsReport(client: ClickHouseClient, input: ReportInput): Promise<ReportRow[]> {
  const ofSpans = buildReport(input, pick(SPAN_DIMENSIONS), 'start_time')
  const [runs, cached, spans] = await Promise.all([
    readRuns(client, input),
    readCacheSavings(client, ofSpans),
    readSpanSavings(client, ofSpans),
  ])
  const rows = new Map<string, ReportRow>()
  const add = (row: Record<string, string>, figures: ReportRow): void => {
    const group = readGroup(row, input.groupBy)
    const key = JSON.stringify(group)
    rows.set(key, { ...(rows.get(key) ?? { ...group, ...NOTHING }), ...figures })
  }
  for (const row of runs)
    add(row, { runs: toNumber(row.n), lostUsd: toLostUsd(row.lost, row.unpriced), savedByResumeUsd: trimDecimal(row.saved ?? '0') })
  for (const row of cached) add(row, { savedByProviderCacheUsd: trimDecimal(row.saved ?? '0') })
  for (const row of spans)
    add(row, {
      savedByStepCacheUsd: toSavedUsd(row.cacheUsd, row.cacheTokens),
      savedByStepCacheTokens: toNumber(row.cacheTokens),
      savedByCompactionUsd: toSavedUsd(row.compactionUsd, row.compactionTokens),
      savedByCompactionTokens: toNumber(row.compactionTokens),
    })
  return [...rows.values()]
}

const LOST = 'if(runs.wasted, spent.cost, spent.rerun)'

const WASTED_TREES = wastedTrees(
  'created_at >= parseDateTime64BestEffort({from:String}, 6) AND created_at < parseDateTime64BestEffort({to:String}, 6)',
)
/** What a run cost is lost where it went wrong, and where one did that called it. */
const IS_WASTED = `(runs.status IN ${WASTED} OR runs.parent_run_id != '' AND toString(runs.run_id) IN (${WASTED_TREES}))`

/** Only these can have lost anything: of the others no cost is read. */
const LOSING = `(runs.status IN ${WASTED} OR runs.executions > 1 OR runs.parent_run_id != '')`

function readRuns(client: ClickHouseClient, input: ReportInput): Promise<Record<string, string>[]> {
  const { select, group, where, params } = buildReport(input, pick(RUN_DIMENSIONS), 'runs.created_at')
  const query = `SELECT ${select}count() AS n, toString(sum(${LOST})) AS lost,
      sum(if(runs.wasted, spent.unknown, spent.rerun_unknown)) AS unpriced,
      toString(sum(CAST(runs.saved_usd, 'Decimal(38, 12)'))) AS saved
    FROM (SELECT *, ${IS_WASTED} AS wasted FROM runs FINAL WHERE ${where}) AS runs
    LEFT JOIN (${runCosts(`run_id IN (SELECT toString(runs.run_id) FROM runs FINAL WHERE ${where} AND ${LOSING})`)}) AS spent
      ON toString(runs.run_id) = spent.run_id
    ${group}
    ORDER BY sum(${LOST}) DESC LIMIT {limit:UInt32}`
  return runJson(client, query, params)
}
