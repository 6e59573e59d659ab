import { getContents, type SpanLinks } from '@cairn/clickhouse'
import type { CollectorContext } from '../context.ts'
import { canonicalHashOf } from './canonical.ts'
import type { Entry } from './outline.ts'
import { Told } from './told.ts'

/** A call brings the whole history: some calls back all of it was told. */
const LOOK_BACK_CALLS = 50
const TEXTS_A_READ = 200
const MOST_REMEMBERED = 200_000

/** Canonical hashes by the hash of the stored text, which names the text: true for ever, whoever asks. */
const remembered = new Map<string, string>()

/** The last calls of each conversation that the page has calls of. */
export function recentCalls(before: readonly Entry[], page: readonly Entry[]): Entry[] {
  const conversations = new Set(page.flatMap(({ type, conversation }) => (type === 'call' ? conversation : [])))
  const calls = before.filter((entry) => entry.type === 'call' && conversations.has(entry.conversation))
  return [...Map.groupBy(calls, (entry) => entry.conversation).values()].flatMap((of) => of.slice(-LOOK_BACK_CALLS))
}

/** What each conversation of a page has told in the calls before. */
export async function readToldBefore(
  ctx: CollectorContext,
  where: { projectId: string; before: readonly Entry[]; page: readonly Entry[]; links: ReadonlyMap<string, SpanLinks> },
): Promise<Map<string, Told>> {
  const told = new Map<string, Told>()
  for (const { conversation } of where.page) told.set(conversation, new Told())
  const links = where.before.flatMap((entry) => where.links.get(entry.span.spanId) ?? [])
  await remember(ctx, where.projectId, links)
  for (const { conversation, span } of where.before) {
    const link = where.links.get(span.spanId)
    if (link === undefined) continue
    const of = (hashes: readonly string[], role: string) => hashes.map((hash) => remembered.get(keyOf(hash, role)) ?? hash)
    told.get(conversation)?.add(of(link.inputHashes, 'user'))
    told.get(conversation)?.isNewSystem(link.systemHash)
    told.get(conversation)?.addAnswer(of(link.outputHashes, 'assistant'))
  }
  return told
}

const keyOf = (hash: string, role: string): string => `${role} ${hash}`

async function remember(ctx: CollectorContext, projectId: string, links: readonly SpanLinks[]): Promise<void> {
  if (remembered.size > MOST_REMEMBERED) remembered.clear()
  const missing = new Map<string, { hash: string; role: string; scopeId: string }>()
  for (const { scopeId, inputHashes, outputHashes } of links)
    for (const [role, hashes] of [['user', inputHashes] as const, ['assistant', outputHashes] as const])
      for (const hash of hashes) if (!remembered.has(keyOf(hash, role))) missing.set(keyOf(hash, role), { hash, role, scopeId })
  const all = [...missing]
  for (let at = 0; at < all.length; at += TEXTS_A_READ) {
    const some = all.slice(at, at + TEXTS_A_READ)
    const texts = await getContents(ctx.clickhouse, {
      projectId,
      scopeIds: some.map(([, { scopeId }]) => scopeId),
      hashes: some.map(([, { hash }]) => hash),
    })
    for (const [key, { hash, role, scopeId }] of some) {
      const text = texts.get(`${scopeId} ${hash}`)
      if (text !== undefined) remembered.set(key, canonicalHashOf(text, role))
    }
  }
}
