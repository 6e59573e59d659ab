import { LIMITS } from '@cairn/sdk/protocol'
import {
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  type ServerInterceptor,
  type sendUnaryData,
} from '@grpc/grpc-js'
import { authenticate } from '../auth/authenticate.ts'
import { type Refusal, toRefusal } from './error-status.ts'
import { encodeExportAnswer } from './otlp/encode-answer.ts'
import { getPipeline } from './pipeline.ts'
import { receive, type Signal } from './receive.ts'
import type { IngestParts } from './routes.ts'

const RETRY_PUSHBACK_MS = '1000'
const STOP_GRACE_MS = 3_000
const PATHS: Readonly<Record<Signal, string>> = {
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
}

export interface GrpcReceiver {
  readonly port: number
  /** Finishes the calls in flight. */
  stop(): Promise<void>
}

/** OTLP/gRPC. Messages stay bytes: the same decoder reads them as over HTTP; gzip is grpc-js's. */
export async function startGrpc(parts: IngestParts): Promise<GrpcReceiver> {
  const server = new Server({
    'grpc.max_receive_message_length': LIMITS.otlpBytes,
    'grpc.keepalive_permit_without_calls': 1,
    // Messages are received whole before they are looked at.
    'grpc.max_concurrent_streams': 16,
    interceptors: [requireKey(parts)],
  })
  for (const signal of ['traces', 'logs'] as const) {
    const path = PATHS[signal]
    server.register(
      path,
      makeHandler(signal, parts),
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes,
      'unary',
    )
  }
  const { host, grpcPort } = parts.ctx.config
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host.includes(':') ? `[${host}]` : host}:${grpcPort}`, ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    )
  })
  return { port, stop: () => stopServer(server) }
}

/** Calls in flight get a moment; a client that keeps its connection must not hold up the stop. */
function stopServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.forceShutdown(), STOP_GRACE_MS)
    server.tryShutdown(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}

const keyOf = (metadata: Metadata): string | undefined => metadata.get('authorization')[0]?.toString()

/** Who has no key is told so before a byte of its message is received. */
function requireKey({ keys }: IngestParts): ServerInterceptor {
  return (_method, call) =>
    new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, receive) => {
            authenticate(keys, keyOf(metadata)).then(
              () => receive(metadata),
              (error: unknown) => call.sendStatus(statusOf(toRefusal(error))),
            )
          },
        }),
    })
}

function makeHandler(signal: Signal, parts: IngestParts): handleUnaryCall<Buffer, Buffer> {
  return (call, callback) => {
    void answer(signal, keyOf(call.metadata), call.request, parts).then(
      (bytes) => callback(null, bytes),
      (error: unknown) => refuse(error, signal, parts, callback),
    )
  }
}

async function answer(signal: Signal, authorization: string | undefined, body: Buffer, { ctx, keys }: IngestParts): Promise<Buffer> {
  const { projectId } = await authenticate(keys, authorization)
  const pipeline = await getPipeline(ctx)
  pipeline.inFlight.reserve(body.length)
  try {
    const { rejected, message } = await receive({ signal, projectId, encoding: 'protobuf', compression: '', body }, pipeline)
    return encodeExportAnswer('protobuf', signal === 'traces' ? 'Spans' : 'LogRecords', rejected, message)
  } finally {
    pipeline.inFlight.release(body.length)
  }
}

function refuse(error: unknown, signal: Signal, { ctx }: IngestParts, callback: sendUnaryData<Buffer>): void {
  const refusal = toRefusal(error)
  if (refusal.isOurs) ctx.log.warn({ err: error, signal }, 'an export could not be stored; its sender is told to send it again')
  callback(statusOf(refusal))
}

function statusOf({ rpc, message, isRetryable }: Refusal): { code: number; details: string; metadata: Metadata } {
  const metadata = new Metadata()
  if (isRetryable) metadata.set('grpc-retry-pushback-ms', RETRY_PUSHBACK_MS)
  return { code: rpc, details: message, metadata }
}
