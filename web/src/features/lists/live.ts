const LIVE_MS = 3_000
const LIVE_PAGES = 3

/** A list is kept fresh as long as it is short: behind that its reader reads, and rows must not jump. */
export const refetchWhileShort = (query: { readonly state: { readonly data?: unknown } }): number | false => {
  const pages = (query.state.data as { readonly pages?: readonly unknown[] } | undefined)?.pages
  return (pages?.length ?? 0) <= LIVE_PAGES && LIVE_MS
}

/** Each once: a row may move to the next page while that is fetched. */
export function uniqueBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Row[] {
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()]
}
