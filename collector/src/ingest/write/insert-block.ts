import { type ClickHouseClient, insertContents, insertSpanAttributes, insertSpanLogs, insertSpans } from '@cairn/clickhouse'
import { ContentCollector } from './content-address.ts'
import type { MadeBlock } from './make-block.ts'
import { RecentWindow } from './recent-window.ts'
import { toAttributesRow, toSpanRow } from './to-span-row.ts'

const REMEMBERED_CONTENTS = 100_000

/** Inserts blocks with their contents. The spans go last: they make the rest visible and feed the sums, once. */
export class BlockInserter {
  private readonly clickhouse: ClickHouseClient
  /** Contents stored lately: a conversation sends its messages again with every turn. */
  private readonly stored = new RecentWindow<true>(REMEMBERED_CONTENTS)

  constructor(clickhouse: ClickHouseClient) {
    this.clickhouse = clickhouse
  }

  /** A block that was inserted before, wholly or in parts, under the same token changes nothing that is there. */
  async insert({ spans, logs }: MadeBlock, token: string): Promise<void> {
    const contents = new ContentCollector()
    const rows = spans.map((owned) => toSpanRow(owned, contents))
    const fresh = [...contents.all].filter(([key]) => !this.stored.has(key))
    await Promise.all([
      insertSpanLogs(this.clickhouse, logs, token),
      insertContents(
        this.clickhouse,
        fresh.map(([, row]) => row),
        token,
      ),
      insertSpanAttributes(this.clickhouse, spans.map(toAttributesRow), token),
    ])
    for (const [key] of fresh) this.stored.set(key, true)
    await insertSpans(this.clickhouse, rows, token)
  }
}
