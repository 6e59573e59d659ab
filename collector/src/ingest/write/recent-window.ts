/** The last `size` keys seen, each with a value: oldest forgotten first. */
export class RecentWindow<V> {
  private readonly size: number
  private readonly entries = new Map<string, V>()

  constructor(size: number) {
    this.size = size
  }

  get(key: string): V | undefined {
    return this.entries.get(key)
  }

  has(key: string): boolean {
    return this.entries.has(key)
  }

  set(key: string, value: V): void {
    this.entries.delete(key)
    this.entries.set(key, value)
    if (this.entries.size <= this.size) return
    const oldest = this.entries.keys().next()
    if (!oldest.done) this.entries.delete(oldest.value)
  }
}
