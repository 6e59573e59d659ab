import type { SpanLogRow } from '@cairn/clickhouse'
import { decodeEntry, type LogEntry } from '../log/entry.ts'
import type { LogBlock } from '../log/log-reader.ts'
import { mapSpan, refuseSpan } from '../map/map-span.ts'
import { readResourceContext } from '../map/resource-context.ts'
import { decodeLogsJson, decodeTracesJson } from '../otlp/decode-json.ts'
import { decodeLogsProto, decodeTracesProto } from '../otlp/decode-proto.ts'
import type { OtlpSpanGroup } from '../otlp/types.ts'
import type { PriceOverrides } from '../price/overrides.ts'
import { priceSaved } from '../price/price-saved.ts'
import { priceSpan } from '../price/price-span.ts'
import type { OwnedSpan } from './settle-billable.ts'
import type { SpanMemory } from './span-memory.ts'
import { toLogRows } from './to-log-row.ts'

/** What a block of the log becomes. */
export interface MadeBlock {
  /** Of all projects, none that was written before. */
  readonly spans: readonly OwnedSpan[]
  readonly logs: readonly SpanLogRow[]
}

export interface BlockMakerOptions {
  readonly memory: SpanMemory
  readonly getOverrides: (projectId: string) => Promise<PriceOverrides>
  readonly setAside: (block: LogBlock, error: unknown) => Promise<void>
}

/** From a block of the log to spans that can be inserted. The same block after the same history gives the same spans. */
export class BlockMaker {
  private readonly options: BlockMakerOptions

  constructor(options: BlockMakerOptions) {
    this.options = options
  }

  async make(block: LogBlock): Promise<MadeBlock> {
    const spans: OwnedSpan[] = []
    const logs: SpanLogRow[] = []
    for (const entry of block.entries) {
      const request = decodeEntry(entry.payload)
      try {
        if (request === undefined) throw new Error('it is of a later version')
        if (request.signal === 'logs') logs.push(...toLogRows(request.projectId, decodeLogs(request)))
        else await this.addSpans(spans, request)
      } catch (error) {
        if (!isOfEntry(error)) throw error
        await this.options.setAside({ ...block, from: entry.from, to: entry.to, entries: [entry] }, error)
      }
    }
    return { spans: this.options.memory.settle(spans), logs }
  }

  private async addSpans(spans: OwnedSpan[], request: LogEntry): Promise<void> {
    const { projectId } = request
    let overrides: PriceOverrides
    try {
      overrides = await this.options.getOverrides(projectId)
    } catch (cause) {
      throw new PricesAway('The prices of a project can not be read now.', { cause })
    }
    const own: OwnedSpan[] = []
    for (const group of decodeTraces(request)) {
      const resource = readResourceContext(group.resource, group.schemaUrl)
      for (const item of group.items) {
        if (refuseSpan(item) !== null) continue
        const span = mapSpan(item, resource, group.scope)
        own.push({
          projectId,
          span: Object.assign(span, priceSpan(span, overrides), { savedUsd: priceSaved(span, overrides), billable: false }),
        })
      }
    }
    for (const one of own) spans.push(one)
  }
}

/** Passes: the entry is not at fault. */
class PricesAway extends Error {
  override readonly name = 'PricesAway'
}
const isOfEntry = (error: unknown): boolean => !(error instanceof PricesAway)

const decodeTraces = ({ encoding, body }: LogEntry): OtlpSpanGroup[] =>
  encoding === 'json' ? decodeTracesJson(body) : decodeTracesProto(body)
const decodeLogs = ({ encoding, body }: LogEntry) => (encoding === 'json' ? decodeLogsJson(body) : decodeLogsProto(body))
