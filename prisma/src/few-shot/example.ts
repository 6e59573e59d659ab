/** What a person curates. Values are the JSON text of encoded values. */
export interface ExampleContent {
  input: string
  output: string
  /** JSON text of `[{ role, content }]`. */
  messages: string
  tags: string[]
  note: string | null
}

export interface StoredExample extends ExampleContent {
  id: string
  /** The run that it was promoted from. */
  runId: string | null
  createdAt: string
  /** How well it matched the query, 0 to 1; null without a query. */
  score: number | null
}

export const EXAMPLE_COLUMNS = `id, input, output, messages, tags, note, run_id as "runId", created_at as "createdAt"`
