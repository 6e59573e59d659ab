import { LIMITS } from '@cairn/sdk/protocol'
import websocket from '@fastify/websocket'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { registerArtifactRoutes } from './artifacts/routes.ts'
import { requireKey } from './auth/authenticate.ts'
import type { KeyCache } from './auth/key-cache.ts'
import { registerCompareRoutes } from './compare/routes.ts'
import type { CollectorContext } from './context.ts'
import { registerLogRoute } from './events/log-lines.ts'
import { registerEventRoutes } from './events/routes.ts'
import { registerFailureRoutes } from './failures/routes.ts'
import { registerFewShotRoutes } from './few-shot/routes.ts'
import { registerErrors } from './http/error-answer.ts'
import { registerHealth } from './http/health.ts'
import { registerIngestRoutes } from './ingest/routes.ts'
import type { Metrics } from './metrics/metrics.ts'
import { registerOpenApi } from './openapi/routes.ts'
import { registerPriceRoutes } from './prices/routes.ts'
import { registerRateLimitRoutes } from './rate-limits/routes.ts'
import { registerReportRoutes } from './reports/routes.ts'
import { registerRetentionRoutes } from './retention/routes.ts'
import { registerCheckpointSocket } from './runs/checkpoint-socket.ts'
import { type RunParts, registerRunRoutes } from './runs/routes.ts'
import { registerScheduleRoutes } from './schedules/routes.ts'
import { registerSessionRoutes } from './sessions/routes.ts'
import { registerSignalRoutes } from './signals/routes.ts'
import { registerStepCacheRoutes } from './step-cache/routes.ts'
import { registerTraceRoutes } from './traces/routes.ts'
import { registerWorkerRoutes } from './workers/routes.ts'

export interface ServerParts extends RunParts {
  readonly ctx: CollectorContext
  readonly keys: KeyCache
  readonly metrics: Metrics
}

/** The HTTP side of the collector: health without a key, OTLP with its own errors, the JSON API behind keys. */
export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const { ctx, keys, metrics } = parts
  const app = fastify({
    loggerInstance: ctx.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: LIMITS.requestBytes,
    // A key of values, "__proto__" included, is data: bodies are parsed by zod and stored as text.
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    routerOptions: { maxParamLength: 2_000 },
    forceCloseConnections: 'idle',
    requestTimeout: 120_000,
    keepAliveTimeout: 75_000,
  })
  registerErrors(app)
  registerHealth(app, ctx, metrics)
  await app.register(websocket, { options: { maxPayload: LIMITS.requestBytes } })
  registerOpenApi(app)
  await app.register(async (otlp) => registerIngestRoutes(otlp, { ctx, keys }))
  await app.register(async (api) => {
    allowEmptyJson(api)
    requireKey(api, keys)
    registerRunRoutes(api, parts)
    registerCheckpointSocket(api, parts)
    registerEventRoutes(api, parts)
    registerLogRoute(api, parts.ctx)
    registerArtifactRoutes(api, ctx)
    registerSignalRoutes(api, parts)
    registerWorkerRoutes(api, parts)
    registerSessionRoutes(api, ctx)
    registerStepCacheRoutes(api, ctx)
    registerRetentionRoutes(api, ctx)
    registerPriceRoutes(api, ctx)
    registerFewShotRoutes(api, ctx)
    registerRateLimitRoutes(api, ctx)
    registerScheduleRoutes(api, ctx)
    registerTraceRoutes(api, ctx, (projectId, traceId) => parts.hub.openSpans(projectId, traceId))
    registerCompareRoutes(api, ctx)
    registerReportRoutes(api, ctx)
    registerFailureRoutes(api, ctx)
  })
  return app
}

/** `POST …/cancel` with a JSON content type and no body is a request without options, not an error. */
function allowEmptyJson(app: FastifyInstance): void {
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    const text = body.toString()
    if (text === '') return done(null, undefined)
    try {
      done(null, JSON.parse(text))
    } catch (cause) {
      const error = new SyntaxError(`The body is not JSON: ${cause instanceof Error ? cause.message : 'it does not parse'}.`, { cause })
      done(Object.assign(error, { code: 'FST_ERR_CTP_INVALID_JSON_BODY' }))
    }
  })
}
