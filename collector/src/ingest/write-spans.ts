import type { CollectorContext } from '../context.ts'
import type { OtlpSpanGroup } from './otlp/types.ts'
import { getPipeline } from './pipeline.ts'
import type { Received } from './receive.ts'

/** Stores spans that the collector itself makes (of dead processes), by the same way as those that are sent to it. */
export function writeSpanGroups(ctx: CollectorContext, projectId: string, groups: readonly OtlpSpanGroup[]): Promise<Received> {
  return getPipeline(ctx).writeSpans(projectId, groups)
}
