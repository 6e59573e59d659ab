import { resolve } from 'node:path'
import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65_535)

const Environment = z.object({
  /** Postgres, as postgres://user:password@host:port/database. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' }),
  /** ClickHouse's HTTP address, as http://user:password@host:port/database. */
  CLICKHOUSE_URL: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }),
  /** Name of the ClickHouse cluster that the tables are made on (docs/scaling.md); left out: a server alone. */
  CAIRN_CLICKHOUSE_CLUSTER: z.string().min(1).max(200).optional(),
  CAIRN_HOST: z.string().min(1).default('127.0.0.1'),
  CAIRN_HTTP_PORT: port.default(4318),
  CAIRN_GRPC_PORT: port.default(4317),
  CAIRN_DATA_DIR: z.string().min(1).default('.cairn'),
  /** Spans that ClickHouse has not taken yet may have so much disk; past it senders are told to come back. */
  CAIRN_INGEST_LOG_MIB: z.coerce.number().int().min(16).max(1_048_576).default(4_096),
  /** A key to make for the first project at start. */
  CAIRN_PROJECT_KEY: z.string().min(16, 'must have at least 16 characters').max(200).optional(),
  CAIRN_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
})

export interface CollectorConfig {
  readonly databaseUrl: string
  readonly clickhouseUrl: string
  readonly clickhouseCluster: string | undefined
  readonly host: string
  readonly httpPort: number
  readonly grpcPort: number
  readonly dataDir: string
  readonly ingestLogBytes: number
  readonly projectKey: string | undefined
  readonly logLevel: string
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/**
 * Options, then the environment, then defaults; parsed once, at start.
 * @throws {ConfigError} naming each bad variable
 */
export function readConfig(options: Partial<CollectorConfig> = {}, environment: NodeJS.ProcessEnv = process.env): CollectorConfig {
  const parsed = Environment.safeParse({
    ...Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== '')),
    ...(options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl }),
    ...(options.clickhouseUrl === undefined ? {} : { CLICKHOUSE_URL: options.clickhouseUrl }),
  })
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new ConfigError(`The collector can't start with this environment:\n${problems.join('\n')}`)
  }
  const env = parsed.data
  return Object.freeze({
    databaseUrl: env.DATABASE_URL,
    clickhouseUrl: env.CLICKHOUSE_URL,
    clickhouseCluster: options.clickhouseCluster ?? env.CAIRN_CLICKHOUSE_CLUSTER,
    host: options.host ?? env.CAIRN_HOST,
    httpPort: options.httpPort ?? env.CAIRN_HTTP_PORT,
    grpcPort: options.grpcPort ?? env.CAIRN_GRPC_PORT,
    dataDir: resolve(options.dataDir ?? env.CAIRN_DATA_DIR),
    ingestLogBytes: options.ingestLogBytes ?? env.CAIRN_INGEST_LOG_MIB * 1024 * 1024,
    projectKey: options.projectKey ?? env.CAIRN_PROJECT_KEY,
    logLevel: options.logLevel ?? env.CAIRN_LOG_LEVEL,
  })
}
