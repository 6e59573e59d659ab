/** Sixteen digits may be past 2^53; a hit inside a string only costs the slower parse. */
const LONG_INTEGER = /[:[,]\s*-?\d{16,}\s*[,}\]]/
const INTEGER = /^-?\d+$/

/** JSON.parse, but integers past 2^53 become bigint instead of losing digits. */
export function parseExactJson(text: string): unknown {
  if (!LONG_INTEGER.test(text)) return JSON.parse(text)
  return parseWithSource(text, (_key, value, context) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && context?.source !== undefined && INTEGER.test(context.source)
      ? BigInt(context.source)
      : value,
  )
}

/** TypeScript's library doesn't know the third argument of a reviver yet; Node has it since 21. */
const parseWithSource = JSON.parse as (
  text: string,
  reviver: (key: string, value: unknown, context?: { source?: string }) => unknown,
) => unknown
