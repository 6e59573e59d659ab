import { expect, it } from 'vitest'
import { planFork } from './fork-model.ts'

const step = (key: string, total: string | null = '0.1') => ({ key, cost: { total, parts: {} } })
const steps = [step('plan'), step('search', '0.2'), step('write')]
const keys = (some: readonly { key: string }[]) => some.map(({ key }) => key)

it('shares what lies before the step', () => {
  const plan = planFork(steps, 'write')
  expect([keys(plan.shared), keys(plan.anew), plan.saves]).toEqual([['plan', 'search'], ['write'], '0.3'])
})

it('shares all when the run died in the step', () => expect(keys(planFork(steps, 'publish').shared)).toEqual(['plan', 'search', 'write']))

it('shares nothing from the first on', () => expect(planFork(steps, 'plan')).toMatchObject({ shared: [], saves: '0' }))

it('knows no sum where no price is known, and says where it is of a part', () => {
  expect(planFork([step('plan', null), step('write')], 'write')).toMatchObject({ saves: null, isPartly: true })
  expect(planFork([step('plan', null), ...steps], 'write')).toMatchObject({ saves: '0.3', isPartly: true })
  expect(planFork(steps, 'write').isPartly).toBe(false)
})
