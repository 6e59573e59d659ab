/** Limits of the wire contract; every refusal names the one that was passed. Bytes are of UTF-8 JSON. */
export const LIMITS = Object.freeze({
  /** Name of an agent, step, signal, artifact, set or tag. */
  nameChars: 200,
  /** A step key: scope path, name and occurrence. */
  stepKeyChars: 1_000,
  /** One encoded value: an input, an output, a state, a signal's payload. */
  valueBytes: 16 * 1024 * 1024,
  /** One artifact. */
  artifactBytes: 64 * 1024 * 1024,
  /** One request body of the JSON API. */
  requestBytes: 32 * 1024 * 1024,
  /** One OTLP request after decompression. */
  otlpBytes: 64 * 1024 * 1024,
  /** Step outcomes in one checkpoint request. */
  checkpointsPerRequest: 1_000,
  /** Items in one page of a list. */
  pageItems: 200,
  /** Period of a rate limit: 31 days. */
  ratePeriodMs: 31 * 86_400_000,
  /** Priority of a run, either way from 0. */
  priority: 1_000_000,
  /** Key of the step cache. */
  cacheKeyChars: 500,
  /** How long the step cache keeps an output: 30 days. */
  cacheTtlMs: 30 * 86_400_000,
  /** Tags on a run. */
  tagsPerRun: 50,
  /** Depth of nesting in a stored value. */
  valueDepth: 500,
  /** Longest wait of a claim request, in milliseconds. */
  claimWaitMs: 30_000,
})
