import { z } from 'zod'

const Environment = z.object({
  DATABASE_URL: z.url(),
  CLICKHOUSE_URL: z.url(),
  /** The collector's address. */
  CAIRN_URL: z.url().default('http://127.0.0.1:4318'),
  /** The key with which the web acts at the collector. */
  CAIRN_PROJECT_KEY: z.string().min(16),
  CAIRN_ADMIN_EMAIL: z.email().optional(),
  CAIRN_ADMIN_PASSWORD: z.string().min(8).optional(),
  BETTER_AUTH_SECRET: z.string().min(32, 'must have at least 32 characters: openssl rand -base64 32'),
  /** The address that browsers use. */
  BETTER_AUTH_URL: z.url().default('http://localhost:3000'),
})

export type WebConfig = Readonly<z.infer<typeof Environment>>

let config: WebConfig | undefined

/** Read when first needed: a build needs no environment. */
export function readConfig(): WebConfig {
  if (config !== undefined) return config
  const parsed = Environment.safeParse(Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== '')))
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`The web can't start with this environment:\n${problems.join('\n')}`)
  }
  config = Object.freeze(parsed.data)
  return config
}
