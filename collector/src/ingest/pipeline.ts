import type { CollectorContext } from '../context.ts'
import { InFlightBytes } from './in-flight.ts'
import { mapSpan, refuseSpan } from './map/map-span.ts'
import type { PricedSpan } from './map/mapped-span.ts'
import { readResourceContext } from './map/resource-context.ts'
import type { OtlpLogGroup, OtlpSpanGroup } from './otlp/types.ts'
import { OverrideCache } from './price/override-cache.ts'
import type { PriceOverrides } from './price/overrides.ts'
import { priceSaved } from './price/price-saved.ts'
import { priceSpan } from './price/price-span.ts'
import type { Received } from './receive.ts'
import { LogWriter } from './write/log-writer.ts'
import { SpanWriter } from './write/span-writer.ts'

/** Decompressed bytes of requests being worked on. */
const IN_FLIGHT_BYTES = 256 * 1024 * 1024
/** After so many spans mapped, other work gets a turn: a large request must not hold up heartbeats. */
const SPANS_PER_TURN = 500

/** From decoded requests to stored rows. One for each collector. */
export class Pipeline {
  readonly inFlight = new InFlightBytes(IN_FLIGHT_BYTES)
  private readonly overrides: OverrideCache
  private readonly spans: SpanWriter
  private readonly logs: LogWriter

  constructor(ctx: CollectorContext) {
    this.overrides = new OverrideCache(ctx.pool)
    this.spans = new SpanWriter(ctx.clickhouse)
    this.logs = new LogWriter(ctx.clickhouse)
  }

  /** Resolves when the spans are stored. Spans that can't be kept are counted, with why; the others are kept. */
  async writeSpans(projectId: string, groups: readonly OtlpSpanGroup[]): Promise<Received> {
    const overrides = await this.overrides.get(projectId)
    const refused = new Map<string, number>()
    const spans: PricedSpan[] = []
    for (const group of groups) {
      const resource = readResourceContext(group.resource, group.schemaUrl)
      for (const span of group.items) {
        const reason = refuseSpan(span)
        if (reason === null) spans.push(price(mapSpan(span, resource, group.scope), overrides))
        else refused.set(reason, (refused.get(reason) ?? 0) + 1)
        if (spans.length % SPANS_PER_TURN === SPANS_PER_TURN - 1) await new Promise(setImmediate)
      }
    }
    await this.spans.write(projectId, spans)
    return describe(refused, 'spans')
  }

  /** Resolves when the messages in the logs are stored with their spans. Logs that carry none are accepted and not kept. */
  async writeLogs(projectId: string, groups: readonly OtlpLogGroup[]): Promise<Received> {
    await this.logs.write(projectId, groups)
    return { rejected: 0, message: '' }
  }

  /** Stores what waits. */
  async flush(): Promise<void> {
    await Promise.all([this.spans.flush(), this.logs.flush()])
  }
}

function price(span: ReturnType<typeof mapSpan>, overrides: PriceOverrides): PricedSpan {
  return { ...span, ...priceSpan(span, overrides), saved: priceSaved(span, overrides), billable: false }
}

function describe(refused: ReadonlyMap<string, number>, items: string): Received {
  const rejected = [...refused.values()].reduce((sum, count) => sum + count, 0)
  return { rejected, message: [...refused].map(([reason, count]) => `${count} ${items}: ${reason}`).join('; ') }
}

const pipelines = new WeakMap<CollectorContext, Pipeline>()

/** The pipeline of a collector, made when first wanted. */
export function getPipeline(ctx: CollectorContext): Pipeline {
  const known = pipelines.get(ctx)
  if (known !== undefined) return known
  const pipeline = new Pipeline(ctx)
  pipelines.set(ctx, pipeline)
  return pipeline
}
