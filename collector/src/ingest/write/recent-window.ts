import { Fingerprints, printKey } from './fingerprints.ts'

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
    printKey(key)
    return read(this.young) ?? (this.old === undefined ? undefined : read(this.old))
  }

  has(key: string): boolean {
    return this.get(key) !== undefined
  }

  set(key: string, value: number): void {
    printKey(key)
    this.put(value)
  }

  /** Puts a key in, unless it is there; whether it was new. */
  add(key: string): boolean {
    if (this.has(key)) return false
    this.put(1)
    return true
  }

  private put(value: number): void {
    this.young.values[this.young.keys.put()] = value
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

function read({ keys, values }: Generation): number | undefined {
  const slot = keys.find()
  return slot < 0 ? undefined : values[slot]
}
