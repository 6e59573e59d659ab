import { Fingerprints, printKey, shortHash } from './fingerprints.ts'

/** When a billed call ran, and as which span. */
export interface BilledCall {
  /** `shortHash` of its span's id. */
  readonly span: number
  readonly startNs: bigint
  readonly endNs: bigint
}

interface Generation {
  readonly keys: Fingerprints
  readonly spans: Uint32Array
  readonly times: BigUint64Array
}

/** The last billed calls, by key, as `RecentWindow` keeps its numbers. */
export class CallWindow {
  private readonly size: number
  private young: Generation
  private old: Generation | undefined

  constructor(size: number) {
    this.size = size
    this.young = makeGeneration(size)
  }

  get(key: string): BilledCall | undefined {
    printKey(key)
    return read(this.young) ?? (this.old === undefined ? undefined : read(this.old))
  }

  set(key: string, { span, startNs, endNs }: BilledCall): void {
    const { keys, spans, times } = this.young
    printKey(key)
    const slot = keys.put()
    spans[slot] = span
    times[slot * 2] = startNs
    times[slot * 2 + 1] = endNs
    if (keys.size < this.size) return
    this.old = this.young
    this.young = makeGeneration(this.size)
  }
}

export const toBilledCall = (span: { readonly spanId: string; readonly startNs: bigint; readonly endNs: bigint }): BilledCall => ({
  span: shortHash(span.spanId),
  startNs: span.startNs,
  endNs: span.endNs,
})

function makeGeneration(size: number): Generation {
  const keys = new Fingerprints(size)
  return { keys, spans: new Uint32Array(keys.slots), times: new BigUint64Array(keys.slots * 2) }
}

function read({ keys, spans, times }: Generation): BilledCall | undefined {
  const slot = keys.find()
  if (slot < 0) return undefined
  return { span: spans[slot] ?? 0, startNs: times[slot * 2] ?? 0n, endNs: times[slot * 2 + 1] ?? 0n }
}
