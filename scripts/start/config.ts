import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'

const PORT_RULE = 'must be a port, 1 to 65535'
const Port = z.coerce.number(PORT_RULE).int(PORT_RULE).min(1, PORT_RULE).max(65_535, PORT_RULE)
const port = (fallback: number) => Port.default(fallback)

const Environment = z.object({
  DATABASE_URL: z.url().optional(),
  CLICKHOUSE_URL: z.url().optional(),
  CAIRN_DATA_DIR: z.string().min(1).default('.cairn'),
  CAIRN_HOST: z.string().min(1).default('127.0.0.1'),
  CAIRN_HTTP_PORT: port(4318),
  CAIRN_GRPC_PORT: port(4317),
  CAIRN_WEB_PORT: port(3000),
  CAIRN_PROJECT_KEY: z.string().min(16, 'must have at least 16 characters').max(200).optional(),
  CAIRN_ADMIN_EMAIL: z.email().optional(),
  CAIRN_ADMIN_PASSWORD: z.string().min(8, 'must have at least 8 characters').max(128).optional(),
})

export interface StartConfig {
  readonly sample: boolean
  readonly databaseUrl: string | undefined
  readonly clickhouseUrl: string | undefined
  readonly dataDir: string
  readonly host: string
  readonly httpPort: number
  readonly grpcPort: number
  readonly webPort: number
  readonly projectKey: string | undefined
  readonly adminEmail: string | undefined
  readonly adminPassword: string | undefined
}

/** What a person at the terminal can mend: shown without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

export function readConfig(argv: readonly string[], environment: NodeJS.ProcessEnv): StartConfig {
  const { values } = parseFlags(argv)
  const parsed = Environment.safeParse(Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== '')))
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new StartError(`The environment holds bad values:\n${problems.join('\n')}`)
  }
  const env = parsed.data
  return {
    sample: values['no-sample'] !== true,
    databaseUrl: env.DATABASE_URL,
    clickhouseUrl: env.CLICKHOUSE_URL,
    dataDir: resolve(env.CAIRN_DATA_DIR),
    host: env.CAIRN_HOST,
    httpPort: env.CAIRN_HTTP_PORT,
    grpcPort: env.CAIRN_GRPC_PORT,
    webPort: env.CAIRN_WEB_PORT,
    projectKey: env.CAIRN_PROJECT_KEY,
    adminEmail: env.CAIRN_ADMIN_EMAIL,
    adminPassword: env.CAIRN_ADMIN_PASSWORD,
  }
}

function parseFlags(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: { 'no-sample': { type: 'boolean' } } })
  } catch (cause) {
    throw new StartError(`${cause instanceof Error ? cause.message : cause}\nUsage: npm start [-- --no-sample]`, { cause })
  }
}
