import { countSpansToPrice, listUnpriced } from '@cairn/clickhouse'
import {
  countRunningRepricings,
  createRepricing,
  deletePriceOverride,
  listPriceOverrides,
  listRepricings,
  putPriceOverride,
  type RepricingRow,
} from '@cairn/prisma'
import { ListUnpriced, type Price, PutPrice, type Repricing, StartRepricing } from '@cairn/sdk/protocol'
import type { FastifyInstance } from 'fastify'
import { v7 } from 'uuid'
import { z } from 'zod'
import { projectOf } from '../auth/authenticate.ts'
import type { CollectorContext } from '../context.ts'
import { CollectorError, notFound } from '../errors.ts'
import { parse, withoutNul } from '../http/parse.ts'
import { settleSpans } from '../ingest/write-spans.ts'
import { cancelRepricing } from '../jobs/repricing.ts'

const Path = z.object({ id: z.uuid() })
const DAY_MS = 86_400_000
const UNPRICED_DAYS = 30
const REPRICED_DAYS = 90
/** Clocks of senders may be ahead. */
const AHEAD_MS = 3_600_000
/** Of a project, at a time. */
const MOST_RUNNING = 5
const MOST_PRICES = 1_000

/** A project's own prices, the models that have none, and pricing calls again. */
export function registerPriceRoutes(app: FastifyInstance, ctx: CollectorContext): void {
  app.get('/api/v1/prices', async (request): Promise<{ items: Price[] }> => {
    const rows = await listPriceOverrides(ctx.pool, { projectId: projectOf(request) })
    const newestFirst = rows.toSorted((a, b) => a.model.localeCompare(b.model) || b.validFrom.getTime() - a.validFrom.getTime())
    return {
      items: newestFirst.map(({ validFrom, prices, ...row }) => ({
        ...row,
        prices: prices as Price['prices'],
        validFrom: validFrom.toISOString(),
      })),
    }
  })

  app.post('/api/v1/prices', async (request, reply) => {
    const projectId = projectOf(request)
    const { prices, ...price } = parse(PutPrice, request.body, 'body')
    if ((await listPriceOverrides(ctx.pool, { projectId })).length >= MOST_PRICES)
      throw new CollectorError('invalid_request', `A project may have ${MOST_PRICES} prices of its own. Delete old ones first.`)
    const clean = { ...price, provider: withoutNul(price.provider), model: withoutNul(price.model), prices: prices as Price['prices'] }
    const id = await putPriceOverride(ctx.pool, { projectId, ...clean })
    return reply.code(201).send({ id, ...clean, validFrom: new Date(price.validFrom).toISOString() } satisfies Price)
  })

  app.delete('/api/v1/prices/:id', async (request, reply) => {
    const { id } = parse(Path, request.params, 'path')
    if (!(await deletePriceOverride(ctx.pool, projectOf(request), id))) throw notFound(`price ${id}`)
    return reply.code(204).send()
  })

  app.get('/api/v1/prices/unpriced', { preHandler: () => settleSpans(ctx) }, async (request) => {
    const query = parse(ListUnpriced, request.query, 'query')
    return { items: await listUnpriced(ctx.clickhouse, { projectId: projectOf(request), ...readTimes(query, UNPRICED_DAYS, 0) }) }
  })

  const show = async (projectId: string, id: string): Promise<Repricing> => {
    const [row] = await listRepricings(ctx.pool, projectId, id)
    if (row === undefined) throw notFound(`re-pricing ${id}`)
    return toRepricing(row)
  }

  app.post('/api/v1/prices/reprice', { preHandler: () => settleSpans(ctx) }, async (request, reply) => {
    const projectId = projectOf(request)
    const body = parse(StartRepricing, request.body, 'body')
    if ((await countRunningRepricings(ctx.pool, projectId)) >= MOST_RUNNING)
      throw new CollectorError('rate_limited', `${MOST_RUNNING} re-pricings of this project go on. Wait for one to end, or cancel one.`)
    const clean = (text: string | undefined) => (text === undefined ? null : withoutNul(text))
    const spans = { projectId, ...readTimes(body, REPRICED_DAYS, AHEAD_MS), model: clean(body.model), provider: clean(body.provider) }
    const id = v7()
    const [total, overrides] = await Promise.all([countSpansToPrice(ctx.clickhouse, spans), listPriceOverrides(ctx.pool, { projectId })])
    await createRepricing(ctx.pool, { id, ...spans, total, overrides })
    return reply.code(202).send(await show(projectId, id))
  })

  app.get('/api/v1/prices/reprice', async (request) => ({
    items: (await listRepricings(ctx.pool, projectOf(request), null)).map(toRepricing),
  }))

  app.get('/api/v1/prices/reprice/:id', async (request) => show(projectOf(request), parse(Path, request.params, 'path').id))

  app.post('/api/v1/prices/reprice/:id/cancel', async (request) => {
    const projectId = projectOf(request)
    const { id } = parse(Path, request.params, 'path')
    await cancelRepricing(ctx, projectId, id)
    return show(projectId, id)
  })
}

/** @throws {CollectorError} `invalid_request`, if nothing lies between them */
function readTimes(
  given: { from?: string | undefined; to?: string | undefined },
  days: number,
  aheadMs: number,
): { from: string; to: string } {
  const latestMs = Date.now() + aheadMs
  const to = given.to !== undefined && Date.parse(given.to) < latestMs ? given.to : new Date(latestMs).toISOString()
  const from = given.from ?? new Date(Date.parse(to) - days * DAY_MS).toISOString()
  if (Date.parse(from) >= Date.parse(to)) throw new CollectorError('invalid_request', 'from must be before to.')
  return { from, to }
}

function toRepricing({ projectId: _projectId, ...row }: RepricingRow): Repricing {
  return { ...row, status: row.status as Repricing['status'] }
}
