const UNIT = 1_000_000_000_000n

/** US dollars / 10^12 as a decimal string, exactly. */
export function toUsd(amount: bigint): string {
  const size = amount < 0n ? -amount : amount
  const fraction = String(size % UNIT)
    .padStart(12, '0')
    .replace(/0+$/, '')
  return `${amount < 0n ? '-' : ''}${size / UNIT}${fraction === '' ? '' : `.${fraction}`}`
}

/** The other way round. What the stores give has at most 12 decimals. */
export function fromUsd(usd: string): bigint {
  const [whole = '0', fraction = ''] = usd.replace('-', '').split('.')
  const size = BigInt(whole) * UNIT + BigInt(fraction.slice(0, 12).padEnd(12, '0'))
  return usd.startsWith('-') ? -size : size
}

/** Exact; null where a price is missing on either side. */
export const minus = (b: bigint | null, a: bigint | null): bigint | null => (a === null || b === null ? null : b - a)
