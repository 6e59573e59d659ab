import { setImmediate as nextTurn } from 'node:timers/promises'
import { type FailurePartRow, listFailureParts } from '@cairn/clickhouse'
import {
  decideFailure,
  getFingerprintRules,
  listFailureDecisions,
  listFailureMerges,
  mergeFailures,
  putFingerprintRules,
} from '@cairn/prisma'
import { type FingerprintPreview, FingerprintRules, type PutFingerprintRules, type StoredFingerprintRules } from '@cairn/sdk/protocol'
import type { CollectorContext } from '../context.ts'
import { CollectorError } from '../errors.ts'
import { withoutNul } from '../http/parse.ts'
import { explainMessage, fingerprintError, type GroupingRules } from '../ingest/map/error-group.ts'
import { compileRules } from './compile-rules.ts'
import { forgetGrouping } from './grouping-cache.ts'

const DAYS = 30
const DAY_MS = 86_400_000
const MOST_GROUPS = 2_000
const MOST_SHOWN = 100

export async function showRules(ctx: CollectorContext, projectId: string): Promise<StoredFingerprintRules> {
  const row = await getFingerprintRules(ctx.pool, projectId)
  const rules = FingerprintRules.safeParse(row?.rules ?? {}).data ?? FingerprintRules.parse({})
  return { ...rules, actor: row?.actor ?? null, updatedAt: row?.updatedAt ?? null }
}

/** The groups of the last 30 days as their fingerprints made them, the most frequent. */
const listPresent = (ctx: CollectorContext, projectId: string): Promise<FailurePartRow[]> => {
  const [from, to] = [Date.now() - DAYS * DAY_MS, Date.now() + DAY_MS].map((ms) => new Date(ms).toISOString()) as [string, string]
  return listFailureParts(ctx.clickhouse, { projectId, from, to, merged: [] }, MOST_GROUPS)
}

const groupUnder = (rules: GroupingRules, { errorType, errorMessage, ownAgent, step }: FailurePartRow): string =>
  fingerprintError({ type: errorType, message: errorMessage, agent: ownAgent, step }, rules)

/** By the group that they would be of. Expressions take their time, and others come in between. */
async function groupParts(rules: GroupingRules, present: readonly FailurePartRow[]): Promise<Map<string, FailurePartRow[]>> {
  const together = new Map<string, FailurePartRow[]>()
  for (const part of present) {
    const group = groupUnder(rules, part)
    const parts = together.get(group)
    if (parts === undefined) together.set(group, [part])
    else parts.push(part)
    await nextTurn()
  }
  return together
}

/** How the groups of the last 30 days would fall together, by the newest failure of each. */
export async function previewRules(ctx: CollectorContext, projectId: string, rules: FingerprintRules): Promise<FingerprintPreview> {
  const compiled = compileRules(rules)
  const present = await listPresent(ctx, projectId)
  const together = [...(await groupParts(compiled, present))]
    .filter(([, parts]) => parts.length > 1)
    .sort(([, a], [, b]) => b.length - a.length)
  return {
    looked: present.length,
    alone: present.length - together.reduce((sum, [, parts]) => sum + parts.length, 0),
    together: together.slice(0, MOST_SHOWN).map(([group, parts]) => ({
      group,
      message: explainMessage(parts[0]?.errorMessage ?? '', compiled.patterns),
      parts: parts.slice(0, MOST_SHOWN).map(({ ownAgent: _, ...part }) => part),
    })),
  }
}

/**
 * From some seconds on, fingerprints are made by these rules. Carried over, present groups become parts of those that their next
 * failures will be of, so that one cause stays one group; taking them apart again is possible.
 */
export async function storeRules(ctx: CollectorContext, projectId: string, body: PutFingerprintRules): Promise<StoredFingerprintRules> {
  const { actor = null, carryOver, ...rules } = body
  const compiled = compileRules(rules)
  const who = actor === null ? null : withoutNul(actor)
  const isUsual = rules.message && rules.step && rules.agent && rules.patterns.length === 0
  const clean = {
    ...rules,
    patterns: rules.patterns.map((one) => ({ pattern: withoutNul(one.pattern), replacement: withoutNul(one.replacement) })),
  }
  await putFingerprintRules(ctx.pool, { projectId, rules: isUsual ? null : clean, actor: who })
  forgetGrouping(ctx, projectId)
  if (carryOver) await carryGroups(ctx, projectId, { compiled, actor: who })
  return showRules(ctx, projectId)
}

async function carryGroups(
  ctx: CollectorContext,
  projectId: string,
  { compiled, actor }: { compiled: GroupingRules; actor: string | null },
) {
  const [present, merges] = await Promise.all([listPresent(ctx, projectId), listFailureMerges(ctx.pool, projectId)])
  // What a person has merged stays where it is.
  const merged = new Set(merges.map((merge) => merge.errorGroup))
  const moving = await groupParts(
    compiled,
    present.filter(({ group }) => !merged.has(group)),
  )
  const concerned = [...new Set([...moving.keys(), ...present.map(({ group }) => group)])]
  const decisions = await listFailureDecisions(ctx.pool, { projectId, errorGroups: concerned })
  const decided = new Map(decisions.map((decision) => [decision.errorGroup, decision]))
  for (const [into, parts] of moving) {
    const groups = parts.map(({ group }) => group).filter((group) => group !== into)
    if (groups.length === 0) continue
    const verdict = await mergeFailures(ctx.pool, { projectId, into, groups, actor })
    if (verdict === 'too_many')
      throw new CollectorError(
        'conflict',
        'The rules are in force, but not all present groups were carried over: a project may have 4,000 merged groups. Take some apart, and store the rules again.',
      )
    // A person has made it a part of one of these: it stays one.
    if (verdict === 'circle') continue
    // What was decided about all of them alike holds for the one that they are now.
    const before = parts.map(({ group }) => decided.get(group))
    const [first] = before
    if (first !== undefined && !decided.has(into) && before.every((one) => one?.state === first.state))
      await decideFailure(ctx.pool, { ...first, errorGroup: into, isRegression: first.state === 'open' && first.regressedAt !== null })
  }
}
