import { getFailureVersions } from '@cairn/clickhouse'
import { decideFailure, mergeFailures, unmergeFailures } from '@cairn/prisma'
import {
  DecideFailure,
  type FailureDecided,
  FailureGroupId,
  FailureRange,
  FingerprintRules,
  ListFailures,
  MergeFailures,
  PutFingerprintRules,
} from '@cairn/sdk/protocol'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { projectOf } from '../auth/authenticate.ts'
import type { CollectorContext } from '../context.ts'
import { CollectorError, notFound } from '../errors.ts'
import { parse, withoutNul } from '../http/parse.ts'
import { settleSpans } from '../ingest/write-spans.ts'
import { showDifferences } from './differences.ts'
import { judgeGroups } from './judge-groups.ts'
import { listFailures, toDecision } from './list-failures.ts'
import { MergedGroups } from './merged-groups.ts'
import { readFailureTimes } from './range.ts'
import { previewRules, showRules, storeRules } from './rules.ts'
import { showFailure } from './show-failure.ts'

const Path = z.object({ group: FailureGroupId })
const YEAR_MS = 365 * 86_400_000
const MOST_OLD_VERSIONS = 100

/** Groups of failures: what they are, what was decided about them, and how they are made. */
export function registerFailureRoutes(app: FastifyInstance, ctx: CollectorContext): void {
  const settled = { preHandler: () => settleSpans(ctx) }
  app.get('/api/v1/failures', settled, async (request) =>
    listFailures(ctx, projectOf(request), parse(ListFailures, request.query, 'query')),
  )
  app.get('/api/v1/failures/rules', async (request) => showRules(ctx, projectOf(request)))
  app.put('/api/v1/failures/rules', async (request) =>
    storeRules(ctx, projectOf(request), parse(PutFingerprintRules, request.body, 'body')),
  )
  app.post('/api/v1/failures/rules/preview', settled, async (request) =>
    previewRules(ctx, projectOf(request), parse(FingerprintRules, request.body, 'body')),
  )
  app.get('/api/v1/failures/:group', settled, async (request) => {
    const { group } = parse(Path, request.params, 'path')
    return showFailure(ctx, projectOf(request), group, parse(FailureRange, request.query, 'query'))
  })
  app.get('/api/v1/failures/:group/differences', settled, async (request) => {
    const { group } = parse(Path, request.params, 'path')
    return showDifferences(ctx, projectOf(request), group, parse(FailureRange, request.query, 'query'))
  })
  registerDecisions(app, ctx)
}

function registerDecisions(app: FastifyInstance, ctx: CollectorContext): void {
  const clean = (text: string | undefined) => (text === undefined ? null : withoutNul(text))

  app.put('/api/v1/failures/:group', { preHandler: () => settleSpans(ctx) }, async (request) => {
    const projectId = projectOf(request)
    const { group } = parse(Path, request.params, 'path')
    const body = parse(DecideFailure, request.body, 'body')
    const groups = await MergedGroups.of(ctx, projectId)
    const errorGroup = groups.rootOf(group)
    const times = readFailureTimes({ from: new Date(Date.now() - YEAR_MS).toISOString() })
    const versions = await getFailureVersions(ctx.clickhouse, { projectId, ...times, merged: groups.merged, groups: [errorGroup] })
    if (versions.length === 0) throw notFound(`group of failures ${group}`)
    const inVersion = clean(body.inVersion)
    await decideFailure(ctx.pool, {
      projectId,
      errorGroup,
      state: body.state,
      actor: clean(body.actor),
      note: clean(body.note),
      inVersion,
      oldVersions: inVersion === null ? [] : versions.slice(0, MOST_OLD_VERSIONS).map(({ version }) => version),
      untilTime: body.untilTime ?? null,
      untilCount: body.untilCount ?? null,
      isRegression: body.regression ?? false,
    })
    const judged = (await judgeGroups(ctx, { projectId, groups, only: [errorGroup] })).get(errorGroup)
    return {
      group: errorGroup,
      state: judged?.state ?? body.state,
      regression: judged?.regression ?? false,
      decision: toDecision(judged),
    } satisfies FailureDecided
  })

  app.post('/api/v1/failures/:group/merge', async (request) => {
    const projectId = projectOf(request)
    const { group } = parse(Path, request.params, 'path')
    const { groups: wanted, actor } = parse(MergeFailures, request.body, 'body')
    const into = (await MergedGroups.of(ctx, projectId)).rootOf(group)
    const groups = [...new Set(wanted)].filter((one) => one !== into)
    if (groups.length === 0) throw new CollectorError('invalid_request', 'body.groups: a group can’t be merged into itself. Name others.')
    const verdict = await mergeFailures(ctx.pool, { projectId, into, groups, actor: clean(actor) })
    if (verdict === 'circle') throw new CollectorError('conflict', `Group ${into} is a part of one of these. Take it out of that first.`)
    if (verdict === 'too_many')
      throw new CollectorError('invalid_request', 'A project may have 4,000 merged groups. Make a rule for the fingerprint instead.')
    return { group: into, merged: groups }
  })

  app.post('/api/v1/failures/:group/unmerge', async (request) => {
    const projectId = projectOf(request)
    const { group } = parse(Path, request.params, 'path')
    const { groups, actor } = parse(MergeFailures, request.body, 'body')
    const own = new Set((await MergedGroups.of(ctx, projectId)).partsOf(group))
    const unmerged = await unmergeFailures(ctx.pool, { projectId, groups: groups.filter((one) => own.has(one)), actor: clean(actor) })
    return { group, unmerged }
  })
}
