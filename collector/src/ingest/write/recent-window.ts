/**
 * The last keys seen, each with a value: at least `size` of them and less than twice as many. In two generations, the older of
 * which is dropped whole: a Map that loses its oldest entry with each new one gets slower with every loss.
 */
export class RecentWindow<V> {
  private readonly size: number
  private young = new Map<string, V>()
  private old = new Map<string, V>()

  constructor(size: number) {
    this.size = size
  }

  get(key: string): V | undefined {
    return this.young.get(key) ?? this.old.get(key)
  }

  has(key: string): boolean {
    return this.young.has(key) || this.old.has(key)
  }

  set(key: string, value: V): void {
    this.young.set(key, value)
    if (this.young.size < this.size) return
    this.old = this.young
    this.young = new Map()
  }
}
