import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureFirstProject } from '../accounts/ensure-first-project.ts'
import { createPool } from '../client.ts'
import { createTestDatabase, type TestDatabase } from '../testing/index.ts'
import { addExample } from './add-example.ts'
import { editExample } from './edit-example.ts'
import { getSet } from './get-set.ts'
import { listSets } from './list-sets.ts'
import { listVersions } from './list-versions.ts'
import { removeExample } from './remove-example.ts'
import { reorderExamples } from './reorder-examples.ts'

let database: TestDatabase
let pool: pg.Pool
let projectId: string
beforeAll(async () => {
  database = await createTestDatabase()
  pool = createPool(database.url)
  projectId = (await ensureFirstProject(pool)).id
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

const newSet = () => `set-${randomUUID()}`
const example = (text: string) => ({ input: JSON.stringify(text), output: '"ok"' })

/** What a person may do; `at` picks among the examples there are, and `order` sorts them. */
const action = fc.oneof(
  fc.record({ do: fc.constant('add' as const), text: fc.string() }),
  fc.record({ do: fc.constant('edit' as const), at: fc.nat(), text: fc.string() }),
  fc.record({ do: fc.constant('remove' as const), at: fc.nat() }),
  fc.record({ do: fc.constant('reorder' as const), order: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }) }),
)

test('after any sequence of changes, every version still holds what it held then, in its order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 12 }), async (actions) => {
      const set = newSet()
      const versions: string[][] = []
      let alive: { id: string; text: string }[] = []
      for (const step of actions) {
        const target = 'at' in step ? alive[step.at % Math.max(alive.length, 1)] : undefined
        if (step.do === 'add') {
          const { id } = await addExample(pool, { projectId, set, example: example(step.text) })
          alive = [...alive, { id, text: step.text }]
        } else if (step.do === 'edit' && target !== undefined) {
          const { id } = await editExample(pool, { projectId, set, id: target.id, content: { input: JSON.stringify(step.text) } })
          alive = alive.map((one) => (one === target ? { id, text: step.text } : one))
        } else if (step.do === 'remove' && target !== undefined) {
          await removeExample(pool, { projectId, set, id: target.id })
          alive = alive.filter((one) => one !== target)
        } else if (step.do === 'reorder' && alive.length > 0) {
          const sorted = alive.map((one, i) => ({ one, rank: step.order[i % 8] ?? 0 })).toSorted((a, b) => a.rank - b.rank)
          const { ids } = await reorderExamples(pool, { projectId, set, ids: sorted.map(({ one }) => one.id) })
          alive = sorted.map(({ one }, i) => ({ id: ids[i] ?? '', text: one.text }))
        } else continue
        versions.push(alive.map((one) => JSON.stringify(one.text)))
      }
      for (const [i, texts] of versions.entries()) {
        const stored = await getSet(pool, { projectId, set, version: i + 1 })
        expect(stored?.examples.map((one) => one.input)).toEqual(texts)
      }
      expect((await getSet(pool, { projectId, set }))?.version).toBe(versions.length > 0 ? versions.length : undefined)
    }),
    { numRuns: 40 },
  )
})

test('changes at once each get a version of their own, and the log names who did what', async () => {
  const set = newSet()
  const runId = randomUUID()
  const added = await Promise.all(
    Array.from({ length: 10 }, (_, i) =>
      addExample(pool, { projectId, set, actor: 'ann@example.org', example: { ...example(`e${i}`), runId } }),
    ),
  )
  expect(new Set(added.map((one) => one.version)).size).toBe(10)
  const stored = await getSet(pool, { projectId, set })
  expect(stored).toMatchObject({ set, version: 10 })
  expect(stored?.examples).toHaveLength(10)
  expect(stored?.examples[0]).toMatchObject({ runId, score: null, messages: '[]', tags: [], note: null })
  const log = await listVersions(pool, { projectId, set })
  expect(log.map((one) => one.version)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
  expect(log[0]).toMatchObject({ actor: 'ann@example.org', change: `Promoted run ${runId}` })
  expect((await listSets(pool, projectId)).find((one) => one.set === set)).toMatchObject({ version: 10, examples: 10 })
})

test('a change of what is not there leaves the version as it was', async () => {
  const set = newSet()
  const { id } = await addExample(pool, { projectId, set, example: example('one') })
  const ghost = randomUUID()
  await expect(removeExample(pool, { projectId, set, id: ghost })).rejects.toMatchObject({ code: 'not_found' })
  await expect(editExample(pool, { projectId, set, id: ghost, content: {} })).rejects.toMatchObject({ code: 'not_found' })
  await expect(reorderExamples(pool, { projectId, set, ids: [ghost] })).rejects.toMatchObject({ code: 'conflict' })
  await expect(reorderExamples(pool, { projectId, set, ids: [id, id] })).rejects.toMatchObject({ code: 'conflict' })
  await expect(removeExample(pool, { projectId, set: newSet(), id })).rejects.toMatchObject({ code: 'not_found' })
  expect(await getSet(pool, { projectId, set })).toMatchObject({ version: 1 })
  expect(await getSet(pool, { projectId, set, version: 2 })).toBeUndefined()
  expect(await getSet(pool, { projectId: randomUUID(), set })).toBeUndefined()
})

test('an edit keeps the fields it does not name, and may clear the note', async () => {
  const set = newSet()
  const { id } = await addExample(pool, {
    projectId,
    set,
    example: { ...example('one'), note: 'good', tags: ['a'], messages: '[{"role":"user","content":"x"}]' },
  })
  const edited = await editExample(pool, { projectId, set, id, content: { note: null } })
  expect((await getSet(pool, { projectId, set }))?.examples).toMatchObject([
    { id: edited.id, input: '"one"', note: null, tags: ['a'], messages: '[{"role":"user","content":"x"}]' },
  ])
  expect((await getSet(pool, { projectId, set, version: 1 }))?.examples).toMatchObject([{ id, note: 'good' }])
})

test('the best examples for a text come first, scored from 0 to 1, whatever the text holds', async () => {
  const set = newSet()
  for (const text of ['How do I refund an order?', 'Where is my parcel?', 'Refunding a damaged parcel from an order', 'Bonjour'])
    await addExample(pool, { projectId, set, example: example(text) })
  const ranked = async (q: string, limit = 10) =>
    ((await getSet(pool, { projectId, set, q, limit }))?.examples ?? []).map(({ input, score }) => ({ input: JSON.parse(input), score }))
  const best = await ranked('please refund my damaged order')
  expect(best[0]?.input).toBe('Refunding a damaged parcel from an order')
  expect(best[1]?.input).toBe('How do I refund an order?')
  expect(best.at(-1)?.score).toBe(0)
  expect(best.every(({ score }) => score !== null && score >= 0 && score <= 1)).toBe(true)
  expect((await ranked('refund order', 1))[0]).toEqual({ input: 'How do I refund an order?', score: 1 })
  for (const odd of ['', "'; drop table runs; --", 'a & b | !c:*', '\\ \u0000 \u{1F5FF}', 'the of and'])
    expect(await ranked(odd)).toHaveLength(4)
})
