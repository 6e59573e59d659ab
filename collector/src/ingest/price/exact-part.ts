/** A price of a million tokens has at most so many decimals, as far as this goes. */
const RATE_ONE = 1e9
/** A token then costs whole units of 10^-15 dollars, a thousand of which are one of the stores' units, 10^-12. */
const SMALLER = 1_000
const DECIMALS = 12
const ONE = 10 ** DECIMALS

/**
 * Tokens at a price a million, in units of 10^-12 dollars, rounded half to even: exact, in whole numbers. Undefined where a
 * double can't hold them: that takes the long way, by decimals.
 */
export function exactPart(tokens: number, dollarsAMillion: number): number | undefined {
  const rate = Math.round(dollarsAMillion * RATE_ONE)
  if (rate / RATE_ONE !== dollarsAMillion) return undefined
  const product = rate * tokens
  if (!Number.isSafeInteger(product)) return undefined
  const rest = product % SMALLER
  const whole = (product - rest) / SMALLER
  const isUp = rest * 2 > SMALLER || (rest * 2 === SMALLER && whole % 2 === 1)
  return isUp ? whole + 1 : whole
}

/** Units of 10^-12 as decimal text, without zeros at its end. */
export function writeUnits(units: number): string {
  const part = units % ONE
  const whole = String((units - part) / ONE)
  if (part === 0) return whole
  return `${whole}.${String(part).padStart(DECIMALS, '0').replace(/0+$/, '')}`
}
