import type { ComparisonSuggestion } from '@cairn/sdk/protocol'

/** The address of a comparison. */
export function compareHref({ a, b }: Pick<ComparisonSuggestion, 'a' | 'b'>): string {
  const query = new URLSearchParams({ a: a.runId, b: b.runId })
  if (a.execution !== null) query.set('executionA', String(a.execution))
  if (b.execution !== null) query.set('executionB', String(b.execution))
  return `/compare?${query}`
}
