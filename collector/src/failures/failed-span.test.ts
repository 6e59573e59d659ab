import { expect, test } from 'vitest'
import { findFailedSpan } from './failed-span.ts'

const span = (spanId: string, parentSpanId: string, end: number, more: { stepKey?: string; runId?: string; execution?: number } = {}) => ({
  traceId: 't',
  spanId,
  parentSpanId,
  runId: 'r',
  execution: 1,
  stepKey: '',
  ...more,
  endNs: String(1_700_000_000_000_000_000n + BigInt(end)),
})
const of = { runId: 'r', execution: 1, step: 'two' }

test('the deepest span below the step that failed, and of several the last', () => {
  const spans = [
    span('root', '', 9),
    span('other', 'root', 8, { stepKey: 'one' }),
    span('step', 'root', 7, { stepKey: 'two' }),
    span('first', 'step', 2),
    span('call', 'step', 3),
    span('socket', 'call', 3),
  ]
  expect(findFailedSpan(spans, of)?.spanId).toBe('socket')
  expect(findFailedSpan(spans, { ...of, step: '' })?.spanId).toBe('other')
})

test('of the execution that failed; of another where that sent none', () => {
  const spans = [span('old', '', 1), span('new', '', 2, { execution: 2 })]
  expect(findFailedSpan(spans, of)?.spanId).toBe('old')
  expect(findFailedSpan(spans, { ...of, execution: 3 })?.spanId).toBe('new')
  expect(findFailedSpan(spans, { ...of, runId: 'x' })).toBeUndefined()
})

test('spans that are each other’s parents end somewhere', () => {
  expect(findFailedSpan([span('root', '', 3), span('a', 'root', 1), span('root', 'a', 2)], { ...of, step: '' })).toBeDefined()
})
