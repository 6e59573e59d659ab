import { decideFailure, ensureFirstProject, inTransaction, listWatchedDecisions, tryLockReopening } from '@cairn/prisma'
import { describe, expect, it, vi } from 'vitest'
import { OTHER_KEY } from '../testing/run-collector.fixture.ts'
import { useFailures } from './failures.fixture.ts'
import { reopenFailures } from './judge-groups.ts'

const { collector, list, show, decide, fail, seen } = useFailures()
const DECISION = {
  isRegression: false,
  state: 'resolved',
  ...{ actor: null, note: null, inVersion: null, oldVersions: [], untilTime: null, untilCount: null },
} as const

describe('groups of failures', { timeout: 90_000 }, () => {
  it('count executions that failed, also of runs that went on since, with a way to resume', async () => {
    const ids = [await fail('counted', { userId: 'ada' }), await fail('counted', { message: 'boom 18' }), await fail('counted')]
    const [group, ...rest] = await seen('counted', 3)
    expect(rest).toEqual([])
    expect(group).toMatchObject({
      state: 'open',
      regression: false,
      errorType: 'BoomError',
      step: 'two',
      runs: 3,
      users: 1,
      versions: ['1'],
    })
    expect(group?.trend.reduce((a, b) => a + b)).toBe(3)
    await collector().ask('POST', `/api/v1/runs/${ids[0]}/resume`, {})
    const [again] = await seen('counted', 3)
    const shown = await show(again?.group ?? '')
    expect(shown).toMatchObject({ count: 3, resumable: 2, lost: '0', topUsers: [{ id: 'ada', count: 1 }] })
    expect(shown.examples.newest).toMatchObject({ runId: ids[2], version: '1', step: 'two' })
    expect(shown.fingerprint).toMatchObject({
      isCurrent: true,
      message: [
        { text: 'boom ', replaced: null },
        { text: '<n>', replaced: '17' },
      ],
    })
  })

  it('are of one project', async () => {
    await fail('mine')
    const [group] = await seen('mine', 1)
    expect((await list('', OTHER_KEY)).items).toEqual([])
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PUT', '', { state: 'muted' }],
    ] as const)
      expect((await collector().ask(method, `/api/v1/failures/${group?.group}${path}`, body, { key: OTHER_KEY })).status).toBe(404)
    await collector().ask('POST', `/api/v1/failures/${group?.group}/merge`, { groups: ['0'.repeat(16)] }, { key: OTHER_KEY })
    expect(await show(group?.group ?? '')).toMatchObject({ state: 'open', merged: 0, history: [] })
  })

  it('are resolved until they fail again, and open as a regression then, by themselves', async () => {
    await fail('regressing')
    const [{ group } = { group: '' }] = await seen('regressing', 1)
    expect((await decide(group, { state: 'resolved', actor: 'ada', note: 'fixed it' })).body).toMatchObject({ state: 'resolved' })
    expect((await list('?agent=regressing')).counts).toEqual({ open: 0, resolved: 1, muted: 0 })
    await fail('regressing')
    await seen('regressing', 2)
    expect(await show(group)).toMatchObject({ state: 'open', regression: true })
    expect((await list('?agent=regressing&state=open')).items).toMatchObject([{ group, regression: true }])
    const { pool } = collector().ctx
    const projectId = (await ensureFirstProject(pool)).id
    await inTransaction(pool, async (db) => {
      expect(await tryLockReopening(db, projectId)).toBe(true)
      // Another collector is at it.
      await reopenFailures(collector().ctx)
      expect((await show(group)).history[0]).toMatchObject({ change: 'resolved' })
    })
    // Another project can't be judged.
    const { rows } = await pool.query<{ id: string }>(`SELECT id FROM projects WHERE name = 'theirs'`)
    await decideFailure(pool, { ...DECISION, projectId: rows[0]?.id ?? '', errorGroup: '0'.repeat(16) })
    const { clickhouse } = collector().ctx
    const query = clickhouse.query.bind(clickhouse)
    const failing = vi
      .spyOn(clickhouse, 'query')
      .mockImplementation(((params: Parameters<typeof query>[0]) =>
        params.query_params?.projectId === rows[0]?.id ? Promise.reject(new Error('away')) : query(params)) as typeof query)
    await reopenFailures(collector().ctx).finally(() => failing.mockRestore())
    expect((await show(group)).history[0]).toMatchObject({ change: 'regressed', actor: null })
    expect(await show(group)).toMatchObject({
      state: 'open',
      regression: true,
      history: [{}, { change: 'resolved', actor: 'ada', note: 'fixed it' }],
    })
    // What is decided about it takes the mark away; who takes that back gives it back, and only for a group that is open.
    expect((await decide(group, { state: 'muted' })).body).toMatchObject({ state: 'muted', regression: false })
    expect((await decide(group, { state: 'open', regression: true })).body).toMatchObject({ state: 'open', regression: true })
    expect((await decide(group, { state: 'open' })).body).toMatchObject({ state: 'open', regression: false })
    const refused = await decide(group, { state: 'resolved', regression: true })
    expect([refused.status, refused.body]).toMatchObject([400, { error: { message: expect.stringContaining('regression') } }])
  })

  it('resolved in a version: older ones may go on failing, that one may not', async () => {
    await fail('versioned', { version: '1' })
    const [{ group } = { group: '' }] = await seen('versioned', 1)
    await decide(group, { state: 'resolved', inVersion: '2' })
    await fail('versioned', { version: '1' })
    await seen('versioned', 2)
    expect(await show(group)).toMatchObject({ state: 'resolved', decision: { inVersion: '2' } })
    await fail('versioned', { version: '2' })
    await seen('versioned', 3)
    expect(await show(group)).toMatchObject({ state: 'open', regression: true, versions: ['2', '1'] })
  })

  it('are muted until so many more', async () => {
    await fail('noisy')
    const [{ group } = { group: '' }] = await seen('noisy', 1)
    await decide(group, { state: 'muted', untilCount: 2 })
    await fail('noisy')
    await seen('noisy', 2)
    expect(await show(group)).toMatchObject({ state: 'muted', decision: { left: 1 } })
    await fail('noisy')
    await seen('noisy', 3)
    expect(await show(group)).toMatchObject({ state: 'open', regression: false })
    expect((await decide(group, { state: 'open', untilCount: 2 })).status).toBe(400)
  })

  it('are merged, resumed as one, and taken apart again', async () => {
    const { pool } = collector().ctx
    const projectId = (await ensureFirstProject(pool)).id
    const ids = [await fail('merging'), await fail('merging', { message: 'another' }), await fail('merging', { message: 'a third' })]
    const items = await seen('merging', 3)
    const [a, b, c] = items.map((item) => item.group) as [string, string, string]
    const ask = (how: string, into: string, groups: string[]) => collector().ask('POST', `/api/v1/failures/${into}/${how}`, { groups })
    expect((await ask('merge', b, [c])).body).toEqual({ group: b, merged: [c] })
    expect((await ask('merge', a, [b])).body).toEqual({ group: a, merged: [b] })
    // It is a part of a by now: what is merged into it is merged into a, and a can't be a part of itself.
    expect((await ask('merge', c, [a])).status).toBe(400)
    expect((await list('?agent=merging')).items).toMatchObject([{ group: a, count: 3, merged: 2 }])
    const shown = await show(c)
    expect(shown).toMatchObject({ group: a, count: 3, resumable: 3, history: [{ change: 'merged' }, { change: 'merged' }] })
    expect(shown.parts.map((part) => part.group).sort()).toEqual([b, c].sort())
    const runs = async (key?: string) =>
      (await collector().ask('GET', `/api/v1/runs?errorGroup=${a}`, undefined, key === undefined ? {} : { key })).body.items
    expect((await runs()).map((run: { id: string }) => run.id).sort()).toEqual(ids.sort())
    expect(await runs(OTHER_KEY)).toEqual([])
    // What was decided about a part counts again when it is taken out.
    const watched = async () => (await listWatchedDecisions(pool, { projectId, after: '', limit: 100 })).map((one) => one.errorGroup)
    await decideFailure(pool, { ...DECISION, projectId, errorGroup: b })
    expect(await watched()).not.toContain(b)
    // With b goes what had been merged into b.
    expect((await ask('unmerge', a, [b])).body).toEqual({ group: a, unmerged: [b] })
    expect(await watched()).toContain(b)
    await decideFailure(pool, { ...DECISION, projectId, errorGroup: b, state: 'open' })
    expect((await list('?agent=merging&sort=count')).items).toMatchObject([
      { group: b, count: 2, merged: 1 },
      { group: a, count: 1, merged: 0 },
    ])
  })
})
