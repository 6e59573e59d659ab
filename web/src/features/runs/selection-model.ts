/** Runs that are selected of what a query found: under another query, by Back or a link, they are not. */
export interface Selection {
  readonly query: string
  readonly ids: ReadonlySet<string>
  /** All that the query finds, also what is not loaded. */
  readonly isAll: boolean
}

export const selectNothing = (query: string): Selection => ({ query, ids: new Set(), isAll: false })

export const selectionUnder = (selection: Selection, query: string): Selection =>
  selection.query === query ? selection : selectNothing(query)

/** With these selected too; a single one that is selected already is taken out where `toggles`. */
export function selectMore({ query, ids }: Selection, more: readonly string[], toggles: boolean): Selection {
  const next = new Set(ids)
  for (const id of more) if (!(toggles && next.delete(id))) next.add(id)
  return { query, ids: next, isAll: false }
}
