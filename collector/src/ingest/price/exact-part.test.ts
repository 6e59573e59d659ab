import { NO_USAGE, type Usage } from '@cairn/sdk/protocol'
import type { ModelPrice } from '@pydantic/genai-prices'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { priceUsage } from './price-usage.ts'

const tokens = fc.oneof(fc.nat(10), fc.nat(200_000), fc.nat(1_000_000_000))
const usages = fc.record({ input: tokens, output: tokens, cacheRead: tokens, cacheWrite: tokens, cacheWrite1h: tokens, reasoning: tokens })
const rate = fc.oneof(
  fc.nat(100_000).map((n) => n / 1_000),
  fc.constantFrom(0.15, 0.1, 2.5e-9, 1e-12, 1 / 3, 1_000_000),
  fc.double({ min: 0, max: 1_000, noNaN: true }),
)
const price = fc.oneof(
  rate,
  fc.record({ base: rate, tiers: fc.array(fc.record({ start: fc.nat(300_000), price: rate }), { maxLength: 3 }) }),
)
const prices = fc.record(
  { input_mtok: price, output_mtok: price, cache_read_mtok: price, cache_write_1h_mtok: price },
  { requiredKeys: ['input_mtok'] },
)

test('whole numbers give what decimals give', () => {
  fc.assert(
    fc.property(usages, prices, (some, list) => {
      const usage: Usage = { ...NO_USAGE, ...some }
      // A factor of 1 that isn't written so takes the long way.
      expect(priceUsage(usage, list as ModelPrice, '1')).toEqual(priceUsage(usage, list as ModelPrice, '1.0'))
    }),
    { numRuns: 2_000 },
  )
})
