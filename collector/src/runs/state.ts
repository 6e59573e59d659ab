import type { JsonValue } from '@cairn/sdk/protocol'
import { applyPatch, type Operation } from 'rfc6902'

/** The state that a run's changes lead to, from an empty object. Changes are RFC 6902 operations as JSON text, in order. */
export function foldState(patches: readonly string[]): JsonValue {
  // rfc6902 changes in place; a root "replace" needs a holder.
  const holder: { state: JsonValue } = { state: {} }
  for (const patch of patches) {
    const operations: Operation[] = JSON.parse(patch)
    applyPatch(
      holder,
      operations.map((operation) => ({
        ...operation,
        path: `/state${operation.path}`,
        ...('from' in operation ? { from: `/state${operation.from}` } : {}),
      })) as Operation[],
    )
  }
  return holder.state
}
