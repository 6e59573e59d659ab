import { type ClickHouseClient, insertContents, insertSpanAttributes, insertSpans } from '@cairn/clickhouse'
import { ContentCollector } from './content-address.ts'
import { RecentWindow } from './recent-window.ts'
import type { OwnedSpan } from './settle-billable.ts'
import { toAttributesRow, toSpanRow } from './to-span-row.ts'

const REMEMBERED_CONTENTS = 200_000

/** Inserts spans with their contents. The spans go last: they make the rest visible and feed the sums, once. */
export class SpanInserter {
  private readonly clickhouse: ClickHouseClient
  /** Contents stored lately: a conversation sends its messages again with every turn. */
  private readonly stored = new RecentWindow<true>(REMEMBERED_CONTENTS)

  constructor(clickhouse: ClickHouseClient) {
    this.clickhouse = clickhouse
  }

  async insert(spans: readonly OwnedSpan[]): Promise<void> {
    const contents = new ContentCollector()
    const rows = spans.map((owned) => toSpanRow(owned, contents))
    const fresh = [...contents.all].filter(([key]) => !this.stored.has(key))
    await Promise.all([
      insertContents(
        this.clickhouse,
        fresh.map(([, row]) => row),
      ),
      insertSpanAttributes(this.clickhouse, spans.map(toAttributesRow)),
    ])
    for (const [key] of fresh) this.stored.set(key, true)
    await insertSpans(this.clickhouse, rows)
  }
}
