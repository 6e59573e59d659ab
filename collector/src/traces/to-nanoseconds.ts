/** Unix nanoseconds of an RFC 3339 time, which Date would cut to milliseconds. */
export function toNanoseconds(rfc3339: string): bigint {
  const fraction = /\.(\d+)/.exec(rfc3339)?.[1] ?? ''
  return BigInt(Date.parse(rfc3339.replace(/\.\d+/, ''))) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'))
}
