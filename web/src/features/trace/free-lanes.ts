const FREE = Number.NEGATIVE_INFINITY

/**
 * Until where each lane is taken: a tree of the least of each half, so that the first free one is found, and any number beside each other
 * are taken, in as many steps as it is high.
 */
export class FreeLanes {
  #capacity = 64
  /** 1 is the root, the lanes are the last `capacity`. What was taken of a whole part stands at its node, and not at those below it. */
  #least = new Float64Array(this.#capacity * 2).fill(FREE)
  #taken = new Float64Array(this.#capacity * 2).fill(FREE)
  #count = 0

  /** One more than the last lane that was taken. */
  get count(): number {
    return this.#count
  }

  /** The first lane, not before `from`, that is free at a place. */
  find(from: number, place: number): number {
    const found = this.#find({ node: 1, first: 0, size: this.#capacity }, from, place)
    return found === -1 ? Math.max(from, this.#capacity) : found
  }

  /** Lanes from the first to the last, both included, are taken at least until a place. */
  take(first: number, last: number, until: number): void {
    while (last >= this.#capacity) this.#grow()
    this.#count = Math.max(this.#count, last + 1)
    this.#take({ node: 1, first: 0, size: this.#capacity }, [first, last], until)
  }

  #find({ node, first, size }: Part, from: number, place: number): number {
    if (first + size <= from || this.#at(node) > place) return -1
    if (size === 1) return first
    const half = size / 2
    const left = this.#find({ node: node * 2, first, size: half }, from, place)
    return left === -1 ? this.#find({ node: node * 2 + 1, first: first + half, size: half }, from, place) : left
  }

  #take({ node, first, size }: Part, range: readonly [number, number], until: number): void {
    if (first > range[1] || first + size <= range[0]) return
    if (range[0] <= first && first + size - 1 <= range[1]) this.#taken[node] = Math.max(this.#taken[node] ?? FREE, until)
    else {
      const half = size / 2
      this.#take({ node: node * 2, first, size: half }, range, until)
      this.#take({ node: node * 2 + 1, first: first + half, size: half }, range, until)
    }
    this.#sum(node)
  }

  #sum(node: number): void {
    const below = node >= this.#capacity ? FREE : Math.min(this.#at(node * 2), this.#at(node * 2 + 1))
    this.#least[node] = Math.max(below, this.#taken[node] ?? FREE)
  }

  #at(node: number): number {
    return this.#least[node] ?? FREE
  }

  /** The tree becomes the left half of one twice as high. */
  #grow(): void {
    const before = { capacity: this.#capacity, taken: this.#taken }
    this.#capacity *= 2
    this.#least = new Float64Array(this.#capacity * 2).fill(FREE)
    this.#taken = new Float64Array(this.#capacity * 2).fill(FREE)
    for (let width = 1; width <= before.capacity; width *= 2) this.#taken.set(before.taken.subarray(width, width * 2), width * 2)
    for (let node = this.#capacity * 2 - 1; node >= 1; node--) this.#sum(node)
  }
}

/** Of the tree: a node with the lanes under it. */
interface Part {
  readonly node: number
  readonly first: number
  readonly size: number
}
