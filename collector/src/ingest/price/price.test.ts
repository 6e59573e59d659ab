import { NO_USAGE, type Usage } from '@cairn/sdk/protocol'
import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mapAttributes } from '../map/fixtures/read-fixture.ts'
import type { AttributeValue, OtlpSpan } from '../otlp/types.ts'
import { NO_OVERRIDES, PriceOverrides } from './overrides.ts'
import { findListedPrice } from './price-list.ts'
import { priceSpan } from './price-span.ts'
import { priceUsage } from './price-usage.ts'

const now = new Date('2026-01-01T00:00:00Z')
const prices = (model: string, provider = '') => findListedPrice(provider, model, now)?.prices ?? {}
const usage = (parts: Partial<Usage>): Usage => ({
  ...NO_USAGE,
  ...parts,
  total: Object.entries(parts).reduce((sum, [part, count]) => (part === 'requests' ? sum : sum + count), 0),
})
const call = (attributes: Record<string, AttributeValue>, rest: Partial<OtlpSpan> = {}) =>
  mapAttributes(
    { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-4o-mini', ...attributes },
    rest,
  )

describe('finding a price', () => {
  test.each([
    ['openai', 'gpt-4o-mini-2024-07-18', 'openai/gpt-4o-mini'],
    ['aws.bedrock', 'us.anthropic.claude-sonnet-4-20250514-v1:0', 'aws/'],
    ['', 'bedrock/us.anthropic.claude-sonnet-4-20250514-v1:0', '/'],
    ['', 'openrouter/anthropic/claude-sonnet-4', 'anthropic/claude-sonnet-4'],
    ['vertex_ai', 'vertex_ai/claude-sonnet-4-5@20250929', 'google/claude-sonnet-4-5'],
    ['anthropic', 'claude-opus-4-1-20250805', 'anthropic/claude-opus-4-1'],
    ['azure.ai.openai', 'gpt-4o', 'azure/gpt-4o'],
    ['our-gateway', 'gpt-4o', 'openai/gpt-4o'],
  ])('%s %s → %s', (provider, model, id) => {
    expect(findListedPrice(provider, model, now)?.priceId).toContain(id)
  })

  test.each([
    ['openai', 'gpt-99'],
    ['ollama', 'llama3'],
    ['', ''],
  ])('%s %s has none', (provider, model) => {
    expect(findListedPrice(provider, model, now)).toBeNull()
  })
})

describe('the cost of usage', () => {
  test('is exact where doubles are not', () => {
    expect(priceUsage(usage({ input: 600, cacheRead: 400, output: 150, reasoning: 50 }), prices('gpt-4o-mini', 'openai'), '1')).toEqual({
      total: '0.00024',
      parts: { input: '0.00009', cacheRead: '0.00003', output: '0.00009', reasoning: '0.00003' },
      priced: true,
    })
  })

  test('has the total of its parts, whatever the usage and the model', () => {
    const count = fc.nat(3_000_000)
    const models = ['gpt-4o-mini', 'gpt-5.4', 'claude-sonnet-4-5', 'gemini-2.5-pro', 'claude-opus-4-1', 'gpt-4o']
    fc.assert(
      fc.property(
        fc.constantFrom(...models),
        fc.record({
          input: count,
          cacheRead: count,
          cacheWrite: count,
          cacheWrite1h: count,
          output: count,
          reasoning: count,
          requests: fc.nat(50),
        }),
        fc.constantFrom('1', '0.5'),
        (model, parts, factor) => {
          const cost = priceUsage(usage(parts), prices(model), factor)
          expect(cost.priced).toBe(true)
          expect(Decimal.sum(0, ...Object.values(cost.parts)).toFixed()).toBe(cost.total)
          for (const amount of Object.values(cost.parts)) expect(new Decimal(amount).decimalPlaces()).toBeLessThanOrEqual(12)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('costs the tier’s price for all tokens past its start', () => {
    const gemini = prices('gemini-2.5-pro', 'gcp.vertex_ai')
    expect(priceUsage(usage({ input: 200_000 }), gemini, '1').total).toBe('0.25')
    expect(priceUsage(usage({ input: 100_000, cacheRead: 100_001 }), gemini, '1').parts).toEqual({ input: '0.25', cacheRead: '0.02500025' })
  })

  test('of tokens that the list sells under no price is unknown', () => {
    expect(priceUsage(usage({ input: 5, output: 5 }), { input_mtok: 1 }, '1')).toEqual({ total: null, parts: {}, priced: false })
  })
})

describe('the price of a span', () => {
  test('by the response’s model, then the one asked for', () => {
    const span = call({ 'gen_ai.response.model': 'a-private-alias', 'gen_ai.usage.input_tokens': 1_000_000 })
    expect(priceSpan(span, NO_OVERRIDES)).toMatchObject({ cost: { total: '0.15' }, priceId: expect.stringContaining('openai/gpt-4o-mini') })
  })

  test('of an unknown model is unknown, not zero', () => {
    const span = call({ 'gen_ai.request.model': 'gpt-99', 'gen_ai.usage.input_tokens': 10 })
    expect(priceSpan(span, NO_OVERRIDES).cost).toEqual({ total: null, parts: {}, priced: false })
  })

  test('of a failed call without usage is nothing, and of one that says nothing unknown', () => {
    expect(priceSpan(call({}, { statusCode: 2 }), NO_OVERRIDES).cost).toMatchObject({ total: '0', priced: true })
    expect(priceSpan(call({}), NO_OVERRIDES).cost).toMatchObject({ total: null, priced: false })
  })

  test('is halved by batch, and unknown for a tier whose price is not listed', () => {
    const batch = call({ 'gen_ai.usage.input_tokens': 1_000_000, 'gen_ai.openai.request.service_tier': 'batch' })
    expect(priceSpan(batch, NO_OVERRIDES).cost.total).toBe('0.075')
    const priority = call({ 'gen_ai.usage.input_tokens': 1_000_000, 'openai.response.service_tier': 'priority' })
    expect(priceSpan(priority, NO_OVERRIDES).cost.priced).toBe(false)
  })

  test('is the project’s own from the day it is valid', () => {
    const span = call({ 'gen_ai.usage.input_tokens': 1_000_000, 'gen_ai.usage.output_tokens': 1_000_000 })
    const own = (validFrom: string, provider = 'openai') =>
      new PriceOverrides([
        { id: 'p1', provider, model: 'GPT-4o-mini', prices: { input: 1, output: '2.5' }, validFrom: new Date(validFrom) },
      ])
    expect(priceSpan(span, own('2020-01-01'))).toEqual({
      cost: { total: '3.5', parts: { input: '1', output: '2.5' }, priced: true },
      priceId: 'override/p1',
    })
    expect(priceSpan(span, own('2020-01-01', '')).priceId).toBe('override/p1')
    expect(priceSpan(span, own('2099-01-01')).priceId).toContain('genai-prices')
    expect(priceSpan(span, own('2020-01-01', 'azure')).priceId).toContain('genai-prices')
  })
})
