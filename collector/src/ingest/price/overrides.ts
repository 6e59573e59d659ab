import type { ModelPrice } from '@pydantic/genai-prices'
import { z } from 'zod'

/** A project's own price: US dollars a million tokens, by part of usage; `requests` is dollars a thousand. */
const OverridePrices = z
  .object({
    input: z.coerce.number().nonnegative(),
    output: z.coerce.number().nonnegative(),
    cacheRead: z.coerce.number().nonnegative(),
    cacheWrite: z.coerce.number().nonnegative(),
    cacheWrite1h: z.coerce.number().nonnegative(),
    reasoning: z.coerce.number().nonnegative(),
    audioInput: z.coerce.number().nonnegative(),
    audioOutput: z.coerce.number().nonnegative(),
    images: z.coerce.number().nonnegative(),
    requests: z.coerce.number().nonnegative(),
  })
  .partial()

const LIST_KEYS: Readonly<Record<keyof z.infer<typeof OverridePrices>, string>> = {
  input: 'input_mtok',
  output: 'output_mtok',
  cacheRead: 'cache_read_mtok',
  cacheWrite: 'cache_write_mtok',
  cacheWrite1h: 'cache_write_1h_mtok',
  reasoning: 'output_reasoning_mtok',
  audioInput: 'input_audio_mtok',
  audioOutput: 'output_audio_mtok',
  images: 'input_image_mtok',
  requests: 'web_searches_kcount',
}

export interface PriceOverride {
  readonly id: string
  /** Empty: of any provider. */
  readonly provider: string
  readonly model: string
  readonly prices: unknown
  readonly validFrom: Date
}

interface ParsedOverride extends Omit<PriceOverride, 'prices'> {
  readonly prices: ModelPrice
}

/** A project's prices, newest first. One that can't be read is left out: the public list then serves. */
export class PriceOverrides {
  readonly #byModel = new Map<string, ParsedOverride[]>()

  constructor(overrides: readonly PriceOverride[]) {
    for (const override of [...overrides].sort((a, b) => b.validFrom.getTime() - a.validFrom.getTime())) {
      const parsed = OverridePrices.safeParse(override.prices)
      if (!parsed.success) continue
      const entries = Object.entries(parsed.data).map(([part, price]) => [LIST_KEYS[part as keyof typeof LIST_KEYS], price])
      const model = override.model.toLowerCase()
      const list = this.#byModel.get(model) ?? []
      list.push({ ...override, prices: Object.fromEntries(entries) as ModelPrice })
      this.#byModel.set(model, list)
    }
  }

  find(provider: string, model: string, at: Date): ParsedOverride | undefined {
    return this.#byModel
      .get(model.toLowerCase())
      ?.find((override) => (override.provider === '' || override.provider.toLowerCase() === provider) && override.validFrom <= at)
  }
}

export const NO_OVERRIDES = new PriceOverrides([])
