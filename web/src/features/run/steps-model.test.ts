import type { Step } from '@cairn/sdk/protocol'
import { expect, test } from 'vitest'
import { showRows, toRows } from './steps-model.ts'

const step = (key: string, fields: object = {}) =>
  ({
    ...{
      key,
      kind: 'step',
      status: 'succeeded',
      attempt: 1,
      execution: 1,
      startedAt: '2026-01-01T00:00:00Z',
      endedAt: '2026-01-01T00:00:01Z',
    },
    ...{ error: null, usage: { total: 0 }, cost: { total: '0' } },
    ...fields,
  }) as unknown as Step

const steps = [
  step('plan', { cost: { total: '0.10' } }),
  step('search', { cost: { total: null }, kind: 'tool' }),
  step('write', { cost: { total: '0.9' }, execution: 2 }),
  step('send', { cost: { total: '0.02' }, execution: 2, status: 'failed', error: { type: 'Refused', message: 'no' }, endedAt: null }),
]
const keys = (rows: readonly { step: Step }[]) => rows.map((row) => row.step.key)

test('cost is sorted as money, and an unknown one is last either way', () => {
  const rows = toRows(steps, 2)
  expect(keys(showRows(rows, '', { sort: 'cost', down: false }))).toEqual(['send', 'plan', 'write', 'search'])
  expect(keys(showRows(rows, '', { sort: 'cost', down: true }))).toEqual(['write', 'plan', 'send', 'search'])
})

test('what was given by hand took no time', () => {
  expect(toRows([step('a'), step('b', { givenByHand: true })], 1).map((row) => row.durationMs)).toEqual([1_000, null])
})

test('the filter looks at keys, kinds, statuses and errors', () => {
  const rows = toRows(steps, 2)
  expect(keys(showRows(rows, 'REFUSED', { sort: 'number', down: false }))).toEqual(['send'])
  expect(keys(showRows(rows, 'tool', { sort: 'number', down: false }))).toEqual(['search'])
})

test('finished steps of earlier executions came back from their checkpoints', () => {
  expect(toRows(steps, 2).map((row) => row.isReplayed)).toEqual([true, true, false, false])
})
