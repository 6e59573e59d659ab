import {
  billableColumn,
  CONTENTS,
  NativeEncoder,
  SPAN_ATTRIBUTES,
  SPAN_LOGS,
  SPANS,
  type SpanAttributesRow,
  type SpanRow,
} from '@cairn/clickhouse'
import { decodeEntry, type LogEntry } from '../log/entry.ts'
import type { LogBlock } from '../log/log-reader.ts'
import { fingerprintError, type GroupingRules, USUAL_RULES } from '../map/error-group.ts'
import { mapSpan, refuseSpan } from '../map/map-span.ts'
import type { MappedSpan, PricedSpan } from '../map/mapped-span.ts'
import { readResourceContext } from '../map/resource-context.ts'
import { decodeLogsJson, decodeTracesJson } from '../otlp/decode-json.ts'
import { decodeLogsProto, decodeTracesProto } from '../otlp/decode-proto.ts'
import type { OtlpSpanGroup } from '../otlp/types.ts'
import type { PriceOverrides } from '../price/overrides.ts'
import { priceSaved } from '../price/price-saved.ts'
import { priceSpan } from '../price/price-span.ts'
import { ContentCollector } from './content-address.ts'
import type { WrittenSpan } from './memory-codec.ts'
import type { OwnedSpan, SettledSpan } from './settle-billable.ts'
import { type SpanMemory, spanKey, toWritten } from './span-memory.ts'
import { storeContents } from './store-contents.ts'
import { toLogRows } from './to-log-row.ts'
import { toAttributesRow, toSpanRow } from './to-span-row.ts'

/** What a block of the log becomes: rows of each table, in ClickHouse's format. Undefined: it has none. */
export interface MadeBlock {
  readonly spans: Buffer | undefined
  readonly attributes: Buffer | undefined
  readonly contents: Buffer | undefined
  readonly logs: Buffer | undefined
  /** What is to be remembered of its spans. */
  readonly written: readonly WrittenSpan[]
}

type BlockEntry = LogBlock['entries'][number]

interface ProjectSettings {
  readonly overrides: PriceOverrides
  readonly grouping: GroupingRules
}

export interface BlockMakerOptions {
  readonly memory: SpanMemory
  readonly getOverrides: (projectId: string) => Promise<PriceOverrides>
  readonly getGrouping?: (projectId: string) => Promise<GroupingRules>
  readonly setAside: (block: LogBlock, error: unknown) => Promise<void>
}

/** Spans are written out in such portions: more at a time would outlive the garbage collector's young generation. */
const PORTION = 128
const NONE: ReadonlySet<string> = new Set()

/** From a block of the log to rows. The same block after the same history gives the same rows. */
export class BlockMaker {
  private readonly options: BlockMakerOptions
  private readonly contents = new ContentCollector()
  private readonly encoders = {
    spans: new NativeEncoder(SPANS),
    attributes: new NativeEncoder(SPAN_ATTRIBUTES),
    contents: new NativeEncoder(CONTENTS),
    logs: new NativeEncoder(SPAN_LOGS),
  }
  private settled: OwnedSpan[] = []
  private own: ReadonlySet<string> = NONE
  /** Of spans in this block: written for a dead process, or final. */
  private readonly keys = new Set<string>()
  /** They give way to the real ones, which may come behind them. */
  private provisional: { projectId: string; span: PricedSpan; entry: BlockEntry }[] = []
  /** The first of a request. */
  private fault: { readonly error: unknown } | undefined

  constructor(options: BlockMakerOptions) {
    this.options = options
  }

  /** `own`: keys of spans that are remembered because of this block, and so are not there yet. */
  async make(block: LogBlock, own: ReadonlySet<string> = NONE): Promise<MadeBlock> {
    this.clear()
    this.contents.begin(Date.now())
    this.own = own
    for (const entry of block.entries) {
      const request = decodeEntry(entry.payload)
      const overrides = request === undefined ? undefined : await this.options.getOverrides(request.projectId)
      const grouping = (request && (await this.options.getGrouping?.(request.projectId))) ?? USUAL_RULES
      try {
        if (request === undefined || overrides === undefined) throw new Error('The entry is of a later version.')
        if (request.signal === 'logs') this.encoders.logs.add(toLogRows(request.projectId, decodeLogs(request)))
        else this.addSpans(request, { overrides, grouping }, entry)
      } catch (error) {
        // It may have left half a row: all is made again, without it.
        await this.options.setAside({ ...block, from: entry.from, to: entry.to, entries: [entry] }, error)
        return this.make({ ...block, entries: block.entries.filter((other) => other !== entry) }, own)
      }
      await this.setFaultAside(block, entry)
    }
    for (const { projectId, span, entry } of this.provisional) {
      this.add(projectId, [span])
      await this.setFaultAside(block, entry)
    }
    return this.finish()
  }

  /** A span that can't be made a row of leaves the others be; its request is kept for a person to look at. */
  private async setFaultAside(block: LogBlock, entry: BlockEntry): Promise<void> {
    if (this.fault === undefined) return
    const { error } = this.fault
    this.fault = undefined
    await this.options.setAside({ ...block, from: entry.from, to: entry.to, entries: [entry] }, error)
  }

  /** Undefined: it failed. */
  private attempt<T>(work: () => T): T | undefined {
    try {
      return work()
    } catch (error) {
      this.fault ??= { error }
      return undefined
    }
  }

  /** What was made was not stored: contents that are taken for stored may not be. */
  forget(): void {
    this.contents.forget()
  }

  private addSpans(request: LogEntry, { overrides, grouping }: ProjectSettings, entry: BlockEntry): void {
    for (const group of decodeTraces(request)) {
      const resource = readResourceContext(group.resource, group.schemaUrl)
      for (let at = 0; at < group.items.length; at += PORTION) {
        const portion: PricedSpan[] = []
        for (const item of group.items.slice(at, at + PORTION)) {
          if (refuseSpan(item) !== null) continue
          const span = this.attempt((): PricedSpan => {
            const mapped = mapSpan(item, resource, group.scope)
            return Object.assign(mapped, priceSpan(mapped, overrides), regroup(mapped, grouping), {
              saved: priceSaved(mapped, overrides),
              billable: false,
            })
          })
          if (span === undefined) continue
          if (span.provisional) this.provisional.push({ projectId: request.projectId, span, entry })
          else portion.push(span)
        }
        this.add(request.projectId, portion)
      }
    }
  }

  private add(projectId: string, spans: readonly PricedSpan[]): void {
    const fresh = spans.filter((span) => {
      const key = spanKey(projectId, span)
      if (this.keys.has(key) || (!this.own.has(key) && this.options.memory.has(key, !span.provisional))) return false
      this.keys.add(key)
      return true
    })
    const spanRows: SpanRow[] = []
    const attributesRows: SpanAttributesRow[] = []
    for (const span of fresh) {
      const rows = this.attempt(() => {
        const stored = storeContents(projectId, span, this.contents)
        return { span: toSpanRow(projectId, span, stored), attributes: toAttributesRow(projectId, span, stored) }
      })
      if (rows === undefined) continue
      spanRows.push(rows.span)
      attributesRows.push(rows.attributes)
      this.settled.push({ projectId, span: toSettled(span) })
    }
    if (spanRows.length === 0) return
    this.encoders.spans.add(spanRows)
    this.encoders.attributes.add(attributesRows)
    this.encoders.contents.add(this.contents.take())
  }

  private finish(): MadeBlock {
    const { settled, encoders } = this
    this.options.memory.settle(settled)
    const made = {
      spans: encoders.spans.size === 0 ? undefined : encoders.spans.take([billableColumn(settled.map(({ span }) => span.billable))]),
      attributes: takeRows(encoders.attributes),
      contents: takeRows(encoders.contents),
      logs: takeRows(encoders.logs),
      written: settled.map(toWritten),
    }
    this.clear()
    return made
  }

  private clear(): void {
    if (this.encoders.contents.size > 0) this.forget()
    for (const encoder of Object.values(this.encoders)) encoder.reset()
    this.settled = []
    this.provisional = []
    this.fault = undefined
    this.keys.clear()
  }
}

const takeRows = (encoder: { readonly size: number; take(): Buffer }): Buffer | undefined =>
  encoder.size === 0 ? undefined : encoder.take()

/** By the project's own rules, where it has some. */
const regroup = ({ errorGroup, errorType, errorMessage, agent, stepKey, name }: MappedSpan, rules: GroupingRules) =>
  rules === USUAL_RULES || errorGroup === ''
    ? { errorGroup }
    : { errorGroup: fingerprintError({ type: errorType, message: errorMessage, agent, step: stepKey || name }, rules) }

/** The little that is needed at the end of the block; the span itself may go. */
function toSettled(span: PricedSpan): SettledSpan {
  const { traceId, spanId, parentSpanId, kind, interrupted, provisional, usageReported, startNs, endNs } = span
  const { modelRequest, modelResponse, responseId } = span
  const names = { modelRequest, modelResponse, responseId }
  return { traceId, spanId, parentSpanId, kind, interrupted, provisional, usageReported, ...names, startNs, endNs, billable: false }
}

const decodeTraces = ({ encoding, body }: LogEntry): OtlpSpanGroup[] =>
  encoding === 'json' ? decodeTracesJson(body) : decodeTracesProto(body)
const decodeLogs = ({ encoding, body }: LogEntry) => (encoding === 'json' ? decodeLogsJson(body) : decodeLogsProto(body))
