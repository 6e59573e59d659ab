import { expect, it } from 'vitest'
import { formatCost, knownUsd } from './spending'

it('what has a price is said, and that it is not all; nothing is said to be free that has none', () => {
  expect(formatCost({ total: '0.5', parts: { input: '0.5' } })).toBe('$0.5000')
  expect(formatCost({ total: null, parts: { input: '0.01', output: '0.0039' } })).toBe('≥ $0.0139')
  expect(formatCost({ total: null, parts: {} })).toBe('no price')
  expect(formatCost({ total: null, parts: { input: '0' } })).toBe('no price')
  expect(formatCost({ total: '0', parts: {} })).toBe('$0')
  expect(knownUsd({ total: null, parts: { input: '0.01' } })).toBe('0.01')
})
