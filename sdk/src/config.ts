import { join } from 'node:path'
import { z } from 'zod'
import { CairnError } from './errors.ts'
import { OLDEST_NODE } from './version.ts'

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
  /**
   * What a run does while its collector is away. `continue`: it goes on, and what the collector must know is kept in the journal, with
   * fsync; should another worker take the run over meanwhile, steps may run twice. `stop`: it waits for `checkpointTimeoutMs` and
   * stops before its lease has passed. A step of `effect: 'once'` never begins without the collector. Environment: `CAIRN_OUTAGE`.
   * Default: `continue`.
   */
  outage?: 'continue' | 'stop'
  /**
   * How long a checkpoint waits for a collector that is away before the journal takes it, in milliseconds. A worker that dies with
   * an unsent journal has its last steps run again by whoever takes over: shorter absences are better waited for. Default: 15,000.
   */
  journalAfterMs?: number
  /** Folder of the journal. Environment: `CAIRN_JOURNAL_DIR`. Default: `journal` under `CAIRN_DATA_DIR`, that is `.cairn/journal`. */
  journalDir?: string
  /** Most that the journal keeps of spans, in bytes; past it the oldest are dropped and counted. Checkpoints never are. Default: 256 MiB. */
  journalSpanBytes?: number
  /** How long what only the collector can take waits for one that doesn't answer, in milliseconds. Default: 30,000. */
  checkpointTimeoutMs?: number
}

const Config = z.object({
  url: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }).transform((url) => url.replace(/\/+$/, '')),
  apiKey: z.string().min(1).optional(),
  serviceName: z.string().min(1).optional(),
  codeRevision: z.string().min(1).max(200).optional(),
  telemetry: z.boolean(),
  checkpointTimeoutMs: z.number().int().min(0),
  outage: z.enum(['continue', 'stop']),
  journalAfterMs: z.number().int().min(0),
  journalDir: z.string().min(1),
  journalSpanBytes: z.number().int().min(0),
})
export type Config = Readonly<z.infer<typeof Config>>

const ENV_OF: Readonly<Record<string, string>> = {
  url: 'CAIRN_URL',
  apiKey: 'CAIRN_API_KEY',
  codeRevision: 'CAIRN_CODE_REVISION',
  outage: 'CAIRN_OUTAGE',
  journalDir: 'CAIRN_JOURNAL_DIR',
}

/** @throws {CairnError} `invalid_config`, naming the option and its variable */
export function parseConfig(options: CairnOptions, env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = Config.safeParse({
    url: options.url ?? nonEmpty(env.CAIRN_URL) ?? 'http://127.0.0.1:4318',
    apiKey: options.apiKey ?? nonEmpty(env.CAIRN_API_KEY),
    serviceName: options.serviceName ?? nonEmpty(env.OTEL_SERVICE_NAME),
    codeRevision: options.codeRevision ?? nonEmpty(env.CAIRN_CODE_REVISION),
    telemetry: options.telemetry ?? true,
    checkpointTimeoutMs: options.checkpointTimeoutMs ?? 30_000,
    outage: options.outage ?? nonEmpty(env.CAIRN_OUTAGE) ?? 'continue',
    journalAfterMs: options.journalAfterMs ?? 15_000,
    journalDir: options.journalDir ?? nonEmpty(env.CAIRN_JOURNAL_DIR) ?? join(nonEmpty(env.CAIRN_DATA_DIR) ?? '.cairn', 'journal'),
    journalSpanBytes: options.journalSpanBytes ?? 256 * 1024 * 1024,
  })
  if (parsed.success) return Object.freeze(parsed.data)
  const problems = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0])
    return `${name}${ENV_OF[name] ? ` (${ENV_OF[name]})` : ''}: ${issue.message}`
  })
  throw new CairnError('invalid_config', `Cairn can't be configured: ${problems.join('; ')}.`, { cause: parsed.error })
}

/**
 * npm only warns of `engines`; what would follow otherwise is a TypeError somewhere inside.
 * @throws {CairnError} `invalid_config` where this Node is too old
 */
export function requireNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE.split('.').map(Number)
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return
  throw new CairnError('invalid_config', `Cairn's SDK needs Node ${OLDEST_NODE} or newer; this is ${version}.`)
}

/** Options as given, without those given as undefined. */
export const withoutUndefined = <T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> }

/** A variable set to nothing is as one not set: that is how shells and compose files unset them. */
const nonEmpty = (value: string | undefined): string | undefined => (value === '' ? undefined : value)
