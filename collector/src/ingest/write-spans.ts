import type { CollectorContext } from '../context.ts'
import type { OtlpSpanGroup } from './otlp/types.ts'
import { getPipeline } from './pipeline.ts'
import type { Received } from './receive.ts'

/** Stores spans that the collector itself makes (of dead processes), by the same way as those that are sent to it. */
export async function writeSpanGroups(ctx: CollectorContext, projectId: string, groups: readonly OtlpSpanGroup[]): Promise<Received> {
  return (await getPipeline(ctx)).writeSpans(projectId, groups)
}

/** For who reads spans or what they cost: what was accepted before is there, unless ClickHouse is away or far behind. */
export async function settleSpans(ctx: CollectorContext): Promise<void> {
  await (await getPipeline(ctx)).settled()
}
