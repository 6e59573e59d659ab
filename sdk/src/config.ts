import { z } from 'zod'
import { CairnError } from './errors.ts'

/** Options of `new Cairn()`. Each wins over its environment variable, which wins over the default. */
export interface CairnOptions {
  /** The collector's address. Environment: `CAIRN_URL`. Default: `http://127.0.0.1:4318`. */
  url?: string
  /** A project key. Environment: `CAIRN_API_KEY`. Default: none. */
  apiKey?: string
  /** Name of this service on its spans. Environment: `OTEL_SERVICE_NAME`. Default: `name` of the package.json beside the process. */
  serviceName?: string
  /** Revision of the code (a git hash), recorded with each execution. Environment: `CAIRN_CODE_REVISION`. */
  codeRevision?: string
  /** `false` sends no spans; checkpoints are sent all the same. Default: `true`. */
  telemetry?: boolean
  /** How long a checkpoint waits for a collector that doesn't answer, in milliseconds. Default: 30,000. */
  checkpointTimeoutMs?: number
}

const Config = z.object({
  url: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }).transform((url) => url.replace(/\/+$/, '')),
  apiKey: z.string().min(1).optional(),
  serviceName: z.string().min(1).optional(),
  codeRevision: z.string().min(1).max(200).optional(),
  telemetry: z.boolean(),
  checkpointTimeoutMs: z.number().int().min(0),
})
export type Config = Readonly<z.infer<typeof Config>>

const ENV_OF: Readonly<Record<string, string>> = { url: 'CAIRN_URL', apiKey: 'CAIRN_API_KEY', codeRevision: 'CAIRN_CODE_REVISION' }

/** @throws {CairnError} `invalid_config`, naming the option and its variable */
export function parseConfig(options: CairnOptions, env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = Config.safeParse({
    url: options.url ?? nonEmpty(env.CAIRN_URL) ?? 'http://127.0.0.1:4318',
    apiKey: options.apiKey ?? nonEmpty(env.CAIRN_API_KEY),
    serviceName: options.serviceName ?? nonEmpty(env.OTEL_SERVICE_NAME),
    codeRevision: options.codeRevision ?? nonEmpty(env.CAIRN_CODE_REVISION),
    telemetry: options.telemetry ?? true,
    checkpointTimeoutMs: options.checkpointTimeoutMs ?? 30_000,
  })
  if (parsed.success) return Object.freeze(parsed.data)
  const problems = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0])
    return `${name}${ENV_OF[name] ? ` (${ENV_OF[name]})` : ''}: ${issue.message}`
  })
  throw new CairnError('invalid_config', `Cairn can't be configured: ${problems.join('; ')}.`, { cause: parsed.error })
}

/** A variable set to nothing is as one not set: that is how shells and compose files unset them. */
const nonEmpty = (value: string | undefined): string | undefined => (value === '' ? undefined : value)
