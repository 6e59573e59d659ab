import type { ClickHouseClient } from '@cairn/clickhouse'
import { IngestError } from '../errors.ts'
import type { PricedSpan } from '../map/mapped-span.ts'
import { GroupCommit } from './group-commit.ts'
import { SpanInserter } from './insert-spans.ts'
import { RecentWindow } from './recent-window.ts'
import { isRowsFault } from './rows-fault.ts'
import { type BilledWindows, type OwnedSpan, rememberBilled, settleBillable } from './settle-billable.ts'

const LINGER_MS = 4
const MAX_SPANS = 20_000
/** An exporter that got no answer sends again within minutes: so many spans are remembered, about 100 bytes each. */
const REMEMBERED_SPANS = 300_000
const REMEMBERED_CALLS = 100_000

/** Writes spans of all projects, each once: into the tables, and so into the sums that are fed by them. */
export class SpanWriter {
  private readonly groups: GroupCommit<OwnedSpan>
  private readonly inserter: SpanInserter
  private readonly seen = new RecentWindow<number>(REMEMBERED_SPANS)
  private readonly billed: BilledWindows = {
    calls: new RecentWindow(REMEMBERED_CALLS),
    traces: new RecentWindow(REMEMBERED_CALLS),
    parents: new RecentWindow(REMEMBERED_CALLS),
  }

  constructor(clickhouse: ClickHouseClient) {
    this.inserter = new SpanInserter(clickhouse)
    this.groups = new GroupCommit<OwnedSpan>({
      commit: (spans) => this.commit(spans),
      lingerMs: LINGER_MS,
      maxItems: MAX_SPANS,
      isItemsFault: isRowsFault,
    })
  }

  /** @throws {IngestError} `malformed`, if the store can't hold a value of these spans */
  async write(projectId: string, spans: readonly PricedSpan[]): Promise<void> {
    try {
      await this.groups.add(spans.map((span) => ({ projectId, span })))
    } catch (error) {
      if (!isRowsFault(error)) throw error
      throw new IngestError('malformed', 'A value of these spans does not fit into the store.', { cause: error })
    }
  }

  flush(): Promise<void> {
    return this.groups.flush()
  }

  /** Commits are one at a time: what is in the window is what was stored. */
  private async commit(spans: readonly OwnedSpan[]): Promise<void> {
    const fresh = this.dropSeen(spans)
    if (fresh.length === 0) return
    const settled = settleBillable(fresh, this.billed)
    await this.inserter.insert(settled)
    for (const owned of settled) this.seen.set(seenKey(owned), finality(owned))
    rememberBilled(settled, this.billed)
  }

  /** The real span replaces one that was written for a dead process; else the first of a kind stays. */
  private dropSeen(spans: readonly OwnedSpan[]): OwnedSpan[] {
    const fresh = new Map<string, OwnedSpan>()
    for (const owned of spans) {
      const key = seenKey(owned)
      const known = fresh.get(key)
      const before = Math.max(this.seen.get(key) ?? 0, known === undefined ? 0 : finality(known))
      if (finality(owned) > before) fresh.set(key, owned)
    }
    return [...fresh.values()]
  }
}

const seenKey = ({ projectId, span }: OwnedSpan): string => `${projectId}${span.traceId}${span.spanId}`
const finality = ({ span }: OwnedSpan): number => (span.interrupted ? 1 : 2)
