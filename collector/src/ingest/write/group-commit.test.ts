import { describe, expect, test } from 'vitest'
import { GroupCommit } from './group-commit.ts'

function makeGroups({ fail }: { fail?: (items: readonly number[]) => Error | undefined } = {}) {
  const commits: number[][] = []
  const groups = new GroupCommit<number>({
    commit: async (items) => {
      commits.push([...items])
      await new Promise((resolve) => setTimeout(resolve, 5))
      const error = fail?.(items)
      if (error !== undefined) throw error
    },
    lingerMs: 2,
    maxItems: 10,
    isItemsFault: (error) => error instanceof RangeError,
  })
  return { groups, commits }
}

describe('group commit', () => {
  test('requests that arrive together share one commit, and those that arrive in it the next', async () => {
    const { groups, commits } = makeGroups()
    const first = [groups.add([1]), groups.add([2, 3])]
    await new Promise((resolve) => setTimeout(resolve, 4))
    const second = [groups.add([4]), groups.add([5])]
    await Promise.all([...first, ...second])
    expect(commits).toEqual([
      [1, 2, 3],
      [4, 5],
    ])
  })

  test('holds no more than its most, but never splits a request', async () => {
    const { groups, commits } = makeGroups()
    await Promise.all([
      groups.add([1, 2, 3, 4, 5, 6]),
      groups.add([7, 8, 9, 10, 11]),
      groups.add(Array.from({ length: 15 }, (_, i) => 100 + i)),
    ])
    expect(commits.map((commit) => commit.length)).toEqual([6, 5, 15])
  })

  test('items that can’t be written fail their own request only', async () => {
    const { groups, commits } = makeGroups({ fail: (items) => (items.includes(2) ? new RangeError('bad 2') : undefined) })
    const outcomes = await Promise.allSettled([groups.add([1]), groups.add([2]), groups.add([3])])
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(commits).toEqual([[1, 2, 3], [1], [2], [3]])
  })

  test('a store that is away fails all that wait for it, once', async () => {
    const { groups, commits } = makeGroups({ fail: () => new Error('away') })
    const outcomes = await Promise.allSettled([groups.add([1]), groups.add([2])])
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected'])
    expect(commits).toHaveLength(1)
  })

  test('flush leaves nothing waiting', async () => {
    const { groups, commits } = makeGroups()
    const added = groups.add([1])
    await groups.flush()
    await added
    expect(commits).toEqual([[1]])
  })
})
