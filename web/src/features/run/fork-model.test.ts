import { expect, it } from 'vitest'
import { planFork } from './fork-model.ts'

const step = (key: string, total: string | null = '0.1') => ({ key, cost: { total } })
const steps = [step('plan'), step('search', '0.2'), step('write')]
const keys = (some: readonly { key: string }[]) => some.map(({ key }) => key)

it('shares what lies before the step', () => {
  const plan = planFork(steps, 'write')
  expect([keys(plan.shared), keys(plan.anew), plan.saves]).toEqual([['plan', 'search'], ['write'], '0.3'])
})

it('shares all when the run died in the step', () => expect(keys(planFork(steps, 'publish').shared)).toEqual(['plan', 'search', 'write']))

it('shares nothing from the first on', () => expect(planFork(steps, 'plan')).toMatchObject({ shared: [], saves: '0' }))

it('knows no sum where a price is unknown', () => expect(planFork([step('plan', null), step('write')], 'write').saves).toBeNull())
