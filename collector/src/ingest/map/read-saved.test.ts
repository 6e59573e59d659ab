import { expect, test } from 'vitest'
import type { AttributeValue } from '../otlp/types.ts'
import { NO_OVERRIDES } from '../price/overrides.ts'
import { priceSaved } from '../price/price-saved.ts'
import { mapAttributes } from './fixtures/read-fixture.ts'

const hit = (tokens: AttributeValue, usd: AttributeValue) => ({
  'cairn.cache.hit': true,
  'cairn.cache.saved_tokens': tokens,
  'cairn.cache.saved_usd': usd,
})
const context = (tokens: AttributeValue, model = '') => ({
  'cairn.kind': 'other',
  'cairn.compaction.saved_tokens': tokens,
  'gen_ai.request.model': model,
})

test.each<[string, Record<string, AttributeValue>, object]>([
  ['a hit of the step cache', hit(1_200, '0.003'), { by: 'step_cache', tokens: 1_200, usd: '0.003' }],
  ['dollars rounded to what the column holds', hit('7', '1.2345678901235e-7'), { by: 'step_cache', tokens: 7, usd: '0.000000123457' }],
  ['a miss', { 'cairn.cache.hit': false, 'cairn.cache.saved_tokens': 5 }, { by: '', tokens: 0, usd: null }],
  ['no hit at all', { 'cairn.cache.saved_tokens': 5 }, { by: '', tokens: 0, usd: null }],
  ['amounts below zero', hit(-1, '-1'), { by: 'step_cache', tokens: 0, usd: null }],
  ['amounts that are no numbers', hit('many', 'Infinity'), { by: 'step_cache', tokens: 0, usd: null }],
  ['amounts past every limit', hit(1e12, '1000000'), { by: 'step_cache', tokens: 0, usd: null }],
  ['a summary, priced as input', context(1_000_000, 'gpt-4o-mini'), { by: 'compaction', tokens: 1_000_000, usd: '0.15' }],
  ['a summary for a model without price', context(1_000, 'gpt-99'), { by: 'compaction', tokens: 1_000, usd: null }],
  ['a summary for no model', context(1_000), { by: 'compaction', tokens: 1_000, usd: null }],
  ['a summary longer than what it stands for', context(-3, 'gpt-4o-mini'), { by: '', tokens: 0, usd: null }],
])('what was saved: %s', (_what, attributes, saved) => {
  const span = mapAttributes(attributes)
  expect(priceSaved(span, NO_OVERRIDES)).toEqual(saved)
  expect(span.usageReported).toBe(false)
})
