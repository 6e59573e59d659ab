/** Items of one request, all of them committed or none. */
interface Waiting<T> {
  readonly items: readonly T[]
  resolve(): void
  reject(error: unknown): void
}

export interface GroupCommitOptions<T> {
  /** Writes items of several requests at once. */
  readonly commit: (items: readonly T[]) => Promise<void>
  /** How long a request waits for others to join it. */
  readonly lingerMs: number
  /** A commit starts at once when so many items wait, and holds no more unless one request alone has more. */
  readonly maxItems: number
  /** Whether a failed commit may be because of one request's items: then each is tried alone, so that one can't fail the others. */
  readonly isItemsFault: (error: unknown) => boolean
}

/** Requests that arrive close together share one commit. One commit is in flight at a time; each request learns its own outcome. */
export class GroupCommit<T> {
  private readonly options: GroupCommitOptions<T>
  private waiting: Waiting<T>[] = []
  private waitingItems = 0
  private timer: NodeJS.Timeout | undefined
  private running: Promise<void> | undefined

  constructor(options: GroupCommitOptions<T>) {
    this.options = options
  }

  /** Resolves when the items are committed. */
  add(items: readonly T[]): Promise<void> {
    if (items.length === 0) return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.waiting.push({ items, resolve, reject })
      this.waitingItems += items.length
      this.schedule()
    })
  }

  /** Commits what waits, without lingering. */
  async flush(): Promise<void> {
    while (this.running !== undefined || this.waiting.length > 0) {
      if (this.running === undefined) this.start()
      await this.running
    }
  }

  private schedule(): void {
    if (this.running !== undefined) return
    if (this.waitingItems >= this.options.maxItems) this.start()
    else this.timer ??= setTimeout(() => this.start(), this.options.lingerMs)
  }

  private start(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    if (this.running !== undefined || this.waiting.length === 0) return
    const group = this.takeGroup()
    this.running = this.commitGroup(group).finally(() => {
      this.running = undefined
      if (this.waiting.length > 0) this.start()
    })
  }

  private takeGroup(): Waiting<T>[] {
    let items = 0
    let requests = 0
    for (const { items: own } of this.waiting) {
      if (requests > 0 && items + own.length > this.options.maxItems) break
      items += own.length
      requests += 1
    }
    const group = this.waiting.splice(0, requests)
    this.waitingItems -= items
    return group
  }

  private async commitGroup(group: Waiting<T>[]): Promise<void> {
    try {
      await this.options.commit(group.length === 1 ? (group[0]?.items ?? []) : group.flatMap((request) => request.items))
      for (const request of group) request.resolve()
    } catch (error) {
      if (group.length > 1 && this.options.isItemsFault(error)) for (const request of group) await this.commitGroup([request])
      else for (const request of group) request.reject(error)
    }
  }
}
