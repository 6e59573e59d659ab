import { Fingerprints } from './fingerprints.ts'

interface Generation {
  readonly keys: Fingerprints
  readonly values: Uint32Array
}

/**
 * The last keys seen, each with a number below 2^32: at least `size` of them and less than twice as many, in two generations,
 * the older of which is dropped whole.
 */
export class RecentWindow {
  private readonly size: number
  private young: Generation
  private old: Generation | undefined

  constructor(size: number) {
    this.size = size
    this.young = makeGeneration(size)
  }

  get(key: string): number | undefined {
    return read(this.young, key) ?? (this.old === undefined ? undefined : read(this.old, key))
  }

  has(key: string): boolean {
    return this.get(key) !== undefined
  }

  set(key: string, value: number): void {
    this.young.values[this.young.keys.put(key)] = value
    if (this.young.keys.size < this.size) return
    this.old = this.young
    this.young = makeGeneration(this.size)
  }

  clear(): void {
    this.young = makeGeneration(this.size)
    this.old = undefined
  }
}

function makeGeneration(size: number): Generation {
  const keys = new Fingerprints(size)
  return { keys, values: new Uint32Array(keys.slots) }
}

function read({ keys, values }: Generation, key: string): number | undefined {
  const slot = keys.find(key)
  return slot < 0 ? undefined : values[slot]
}
