import type { FastifyInstance } from 'fastify'
import type { CollectorContext } from '../context.ts'
import type { Metrics } from '../metrics/metrics.ts'

const STORE_TIMEOUT_MS = 2_000

/** Liveness, readiness of both stores, Prometheus: no key, nothing of any project. */
export function registerHealth(app: FastifyInstance, ctx: CollectorContext, metrics: Metrics): void {
  app.get('/healthz', async () => ({ status: 'ok' }))

  app.get('/readyz', async (_request, reply) => {
    const [postgres, clickhouse] = await Promise.all([
      answers(ctx.pool.query('SELECT 1')),
      answers(ctx.clickhouse.query({ query: 'SELECT 1', format: 'JSONEachRow' }).then((result) => result.text())),
    ])
    return reply.code(postgres && clickhouse ? 200 : 503).send({
      status: postgres && clickhouse ? 'ok' : 'unavailable',
      postgres: postgres ? 'ok' : 'unavailable',
      clickhouse: clickhouse ? 'ok' : 'unavailable',
    })
  })

  app.get('/metrics', async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()))

  app.addHook('onResponse', async (request, reply) => {
    const labels = { method: request.method, route: request.routeOptions.url ?? 'unknown', status: String(reply.statusCode) }
    metrics.requests.observe(labels, reply.elapsedTime / 1_000)
    if (reply.statusCode >= 400) metrics.refused.inc({ status: labels.status })
  })
}

async function answers(question: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), STORE_TIMEOUT_MS)
  })
  const answer = question.then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([answer, timeout])
  } finally {
    clearTimeout(timer)
  }
}
