import type { ClickHouseClient } from '../client.ts'
import { getContents } from './get-contents.ts'

/** What a page shows of one text; the rest is read at its span. */
const MOST_CHARS = 40_000

/** Texts of a conversation by `scope hash`; longer ones are cut, and then are no JSON any more. */
export async function getSessionTexts(
  client: ClickHouseClient,
  input: { projectId: string; scopeIds: readonly string[]; hashes: readonly string[] },
): Promise<Record<string, { text: string; isCut: boolean }>> {
  const texts = await getContents(client, input)
  return Object.fromEntries([...texts].map(([key, text]) => [key, { text: text.slice(0, MOST_CHARS), isCut: text.length > MOST_CHARS }]))
}
