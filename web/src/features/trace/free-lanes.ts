const FREE = Number.NEGATIVE_INFINITY

/** Until where each lane is taken: a tree of the least of each half, so that the first free one is found in as many steps as it is high. */
export class FreeLanes {
  #capacity = 64
  /** 1 is the root, the lanes are the last `capacity`. */
  #least = new Float64Array(this.#capacity * 2).fill(FREE)
  #count = 0

  /** One more than the last lane that was taken. */
  get count(): number {
    return this.#count
  }

  /** The first lane, not before `from`, that is free at a place. */
  find(from: number, place: number): number {
    if (from >= this.#capacity) return from
    let node = from + this.#capacity
    while (!(this.#at(node) <= place)) {
      // From the right child up, until there is a half further right.
      while (node % 2 === 1) node = (node - 1) / 2
      if (node === 0) return this.#capacity
      node += 1
    }
    while (node < this.#capacity) node = this.#at(node * 2) <= place ? node * 2 : node * 2 + 1
    return node - this.#capacity
  }

  take(lane: number, until: number): void {
    while (lane >= this.#capacity) this.#grow()
    this.#count = Math.max(this.#count, lane + 1)
    let node = lane + this.#capacity
    this.#least[node] = until
    for (node = node >> 1; node >= 1; node = node >> 1) this.#least[node] = Math.min(this.#at(node * 2), this.#at(node * 2 + 1))
  }

  #at(node: number): number {
    return this.#least[node] ?? FREE
  }

  #grow(): void {
    const lanes = this.#least.subarray(this.#capacity)
    this.#capacity *= 2
    this.#least = new Float64Array(this.#capacity * 2).fill(FREE)
    this.#least.set(lanes, this.#capacity)
    for (let node = this.#capacity - 1; node >= 1; node--) this.#least[node] = Math.min(this.#at(node * 2), this.#at(node * 2 + 1))
  }
}
