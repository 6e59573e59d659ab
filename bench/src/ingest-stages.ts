import { randomUUID } from 'node:crypto'
import type { ClickHouseClient } from '@cairn/clickhouse'
import { encodeEntry } from '../../collector/src/ingest/log/entry.ts'
import { mapSpan } from '../../collector/src/ingest/map/map-span.ts'
import { readResourceContext } from '../../collector/src/ingest/map/resource-context.ts'
import { checkTracesProto } from '../../collector/src/ingest/otlp/check-proto.ts'
import { decodeTracesProto } from '../../collector/src/ingest/otlp/decode-proto.ts'
import { decodeByOracle } from '../../collector/src/ingest/otlp/otlp-proto.fixture.ts'
import { NO_OVERRIDES } from '../../collector/src/ingest/price/overrides.ts'
import { priceSpan } from '../../collector/src/ingest/price/price-span.ts'
import { insertBlock } from '../../collector/src/ingest/write/insert-block.ts'
import { BlockMaker, type MadeBlock } from '../../collector/src/ingest/write/make-block.ts'
import { SpanMemory } from '../../collector/src/ingest/write/span-memory.ts'
import { makeRequest, type RequestTemplate, renew } from './otlp-request.ts'

const PROJECT = '01980000-0000-7000-8000-00000000bbbb'
const STAGE_MS = 3_000
const WARM_UPS = 20
const POOL_BYTES = 16 * 2 ** 20

export interface Stage {
  readonly name: string
  readonly perSecond: number
}

/** The parts of the way, each alone in one thread: what is left of them under one another's load is the row of the whole. */
export async function measureStages(
  client: ClickHouseClient,
  { spanBytes, spansARequest }: { spanBytes: number; spansARequest: number },
): Promise<Stage[]> {
  const pool = Array.from({ length: Math.ceil(POOL_BYTES / (spanBytes * spansARequest)) }, () => makeRequest(spansARequest, spanBytes))
  for (const template of pool) renew(template)
  const decoded = pool.map(({ body }) => decodeTracesProto(body))
  const memory = new SpanMemory()
  const setAside = async (_block: unknown, error: unknown) => Promise.reject(error)
  const maker = new BlockMaker({ memory, getOverrides: async () => NO_OVERRIDES, setAside })
  const make = async (templates: RequestTemplate[]): Promise<MadeBlock> => {
    const entries = templates.map(({ body }, i) => {
      const payload = Buffer.concat(encodeEntry({ signal: 'traces', encoding: 'protobuf', projectId: PROJECT, body }))
      return { from: i, to: i + 1, payload }
    })
    const made = await maker.make({ segment: 1, from: 0, to: 1, entries })
    memory.remember(made.written)
    return made
  }
  return [
    { name: 'decode by protobufjs', perSecond: await measure(pool, ({ body }) => void decodeByOracle('TracesData', body)) },
    { name: 'check before the answer', perSecond: await measure(pool, ({ body }) => void checkTracesProto(body)) },
    { name: 'decode', perSecond: await measure(pool, ({ body }) => void decodeTracesProto(body)) },
    { name: 'map and price', perSecond: await measureDecoded(pool, decoded) },
    { name: 'decode, map, price, write out', perSecond: await measureBlocks(pool, async (templates) => void (await make(templates))) },
    {
      name: 'all that and insert, in turn',
      perSecond: await measureBlocks(pool, async (templates) => insertBlock(client, await make(templates), randomUUID())),
    },
  ]
}

type Groups = ReturnType<typeof decodeTracesProto>

function map(groups: Groups): object[] {
  return groups.flatMap((group) => {
    const resource = readResourceContext(group.resource, group.schemaUrl)
    return group.items.map((item) => {
      const span = mapSpan(item, resource, group.scope)
      return Object.assign(span, priceSpan(span, NO_OVERRIDES))
    })
  })
}

const measureDecoded = (pool: RequestTemplate[], decoded: Groups[]): Promise<number> =>
  measure(
    pool.map((template, i) => ({ ...template, groups: decoded[i] ?? [] })),
    ({ groups }) => void map(groups),
  )

async function measure<T extends RequestTemplate>(pool: T[], work: (template: T) => void): Promise<number> {
  for (let i = 0; i < WARM_UPS; i++) for (const template of pool.slice(0, 10)) work(template)
  const startedAt = performance.now()
  let spans = 0
  for (let i = 0; performance.now() - startedAt < STAGE_MS; i++) {
    const template = pool[i % pool.length]
    if (template === undefined) break
    work(template)
    spans += template.spans
  }
  return spans / ((performance.now() - startedAt) / 1_000)
}

const SPANS_A_BLOCK = 10_000

async function measureBlocks(pool: RequestTemplate[], work: (templates: RequestTemplate[]) => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  let spans = 0
  for (let at = 0; performance.now() - startedAt < STAGE_MS; ) {
    const group: RequestTemplate[] = []
    let held = 0
    while (held < SPANS_A_BLOCK && group.length < pool.length) {
      const template = pool[at++ % pool.length]
      if (template === undefined) break
      renew(template)
      group.push(template)
      held += template.spans
    }
    await work(group)
    spans += held
  }
  return spans / ((performance.now() - startedAt) / 1_000)
}
