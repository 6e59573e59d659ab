import { own } from '../own.ts'

/**
 * What a service tier makes of the list's price, by provider; from OpenAI's and Anthropic's price pages. Tiers whose price
 * differs by model (priority) aren't here: a call on one is "no price" rather than a wrong one.
 */
const FACTORS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  openai: { flex: '0.5', batch: '0.5' },
  anthropic: { batch: '0.5' },
}
const STANDARD = new Set(['', 'default', 'standard', 'auto', 'on_demand', 'standard_only'])

export function tierFactor(provider: string, tier: string): string | undefined {
  return STANDARD.has(tier) ? '1' : own(own(FACTORS, provider) ?? {}, tier)
}
