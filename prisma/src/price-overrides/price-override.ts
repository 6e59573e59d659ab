export interface PriceOverride {
  id: string
  provider: string
  model: string
  /** US dollars a million tokens, as decimal strings, by part of usage. */
  prices: Record<string, string>
  /** RFC 3339. */
  validFrom: string
}
