import type { ClickHouseClient } from '../client.ts'
import { hashesIn, restoreAttributes } from '../inserts/sent-text.ts'
import { getContents } from './get-contents.ts'
import { getSpanLinks, type SpanLinks } from './get-span-links.ts'
import { runJson } from './run-json.ts'

/** The large parts of a span. Texts are JSON, messages as they were sent or in our shape; null: there is none. */
export interface SpanBody {
  readonly spanId: string
  readonly inputForm: '' | 'messages' | 'value'
  readonly input: string[]
  readonly outputForm: '' | 'messages' | 'value'
  readonly output: string[]
  readonly system: string | null
  readonly tools: string | null
  readonly attributes: string
  readonly resource: string
  readonly scopeName: string
  readonly scopeVersion: string
  readonly events: string
  readonly links: string
  readonly errorStack: string
  readonly parameters: string
  readonly metadata: string
}

type AttributesRow = Pick<
  SpanBody,
  'spanId' | 'attributes' | 'resource' | 'scopeName' | 'scopeVersion' | 'events' | 'links' | 'errorStack' | 'parameters' | 'metadata'
>

interface Input {
  readonly projectId: string
  readonly traceId: string
  /** Only these; all of the trace where it is left out. */
  readonly spanIds?: string[]
}

/** Inputs, outputs and all that was sent, of some or all spans of a trace: three range reads, whatever their number. */
export async function getSpanBodies(client: ClickHouseClient, input: Input): Promise<Map<string, SpanBody>> {
  const params = { projectId: input.projectId, traceId: input.traceId, spanIds: input.spanIds ?? [] }
  const only = input.spanIds === undefined ? '' : 'AND span_id IN {spanIds:Array(String)}'
  const where = `project_id = {projectId:UUID} AND trace_id = {traceId:String} ${only}`
  const [links, attributes] = await Promise.all([
    getSpanLinks(client, input),
    runJson<AttributesRow>(
      client,
      `SELECT span_id AS spanId, attributes, resource, scope_name AS scopeName, scope_version AS scopeVersion, events, links,
         error_stack AS errorStack, parameters, metadata
       FROM span_attributes FINAL WHERE ${where}`,
      params,
    ),
  ])
  const attributesById = new Map(attributes.map((row) => [row.spanId, row]))
  const hashes = links.flatMap((link) => [...linkedHashes(link), ...hashesIn(attributesById.get(link.spanId)?.attributes ?? '')])
  const scopeIds = links.map((link) => link.scopeId)
  const texts = await getContents(client, { projectId: input.projectId, scopeIds, hashes })
  return new Map(links.map((link) => [link.spanId, toSpanBody(link, attributesById.get(link.spanId), texts)]))
}

const linkedHashes = (link: SpanLinks): string[] =>
  [...link.inputHashes, ...link.outputHashes, link.systemHash, link.toolsHash].filter((hash) => hash !== '')

/** A span's body, as far as its texts (by scope and hash) and its row are given. */
export function toSpanBody(link: SpanLinks, row: AttributesRow | undefined, texts: ReadonlyMap<string, string>): SpanBody {
  const text = (hash: string) => texts.get(`${link.scopeId} ${hash}`)
  const all = (hashes: readonly string[]) => hashes.flatMap((hash) => text(hash) ?? [])
  const input = all(link.inputHashes)
  const output = all(link.outputHashes)
  return {
    spanId: link.spanId,
    inputForm: link.inputForm,
    input,
    outputForm: link.outputForm,
    output,
    system: text(link.systemHash) ?? null,
    tools: text(link.toolsHash) ?? null,
    attributes: restoreAttributes(row?.attributes ?? '{}', { input, output, byHash: text }),
    resource: row?.resource ?? '{}',
    scopeName: row?.scopeName ?? '',
    scopeVersion: row?.scopeVersion ?? '',
    events: row?.events ?? '[]',
    links: row?.links ?? '[]',
    errorStack: row?.errorStack ?? '',
    parameters: row?.parameters ?? '{}',
    metadata: row?.metadata ?? '{}',
  }
}
