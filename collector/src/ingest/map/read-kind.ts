import type { SpanKind } from '@cairn/sdk/protocol'
import { own } from '../own.ts'
import type { Found } from './collect-fields.ts'
import { KIND_KEYS } from './kinds.ts'

/** The kind that the best vocabulary names; else what the span carries tells it. */
export function readKind(found: Found, hasUsage: boolean): SpanKind {
  for (const [rank, [, values]] of KIND_KEYS.entries()) {
    const value = found.kinds[rank]
    const kind = value === undefined ? undefined : own(values, value)
    if (kind !== undefined) return kind
  }
  const { fields, kinds } = found
  if (fields.stepKey !== undefined) return 'step'
  if (fields.toolName !== undefined) return 'tool'
  const isNamed = kinds.some((kind) => kind !== undefined)
  if ((fields.modelRequest ?? fields.modelResponse) !== undefined && (!isNamed || hasUsage)) return 'model'
  return 'other'
}
