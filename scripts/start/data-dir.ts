import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type StartConfig, StartError } from './config.ts'

const Secrets = z.object({ projectKey: z.string(), adminEmail: z.string(), adminPassword: z.string(), authSecret: z.string() })
export type Secrets = z.infer<typeof Secrets>

const OWNER_ONLY = { mode: 0o600 } as const

/** One start a folder: two would fight over the stores. Gives the function that unlocks it. */
export function lockDataDir(dataDir: string): () => void {
  const file = join(dataDir, 'lock')
  try {
    mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 })
    writeFileSync(file, String(process.pid), { ...OWNER_ONLY, flag: 'wx' })
  } catch (error) {
    if (!existsSync(file))
      throw new StartError(`${dataDir} can't be written to: ${error instanceof Error ? error.message : error}`, { cause: error })
    const pid = Number(readFileSync(file, 'utf8'))
    if (isAlive(pid))
      throw new StartError(`Cairn runs on ${dataDir} already (process ${pid}). Stop it first, or name another folder in CAIRN_DATA_DIR.`)
    writeFileSync(file, String(process.pid), OWNER_ONLY)
  }
  return () => rmSync(file, { force: true })
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Made at the first start and kept; what the environment says wins. The project's key also lies in a file of its own. */
export function readSecrets(config: StartConfig): Secrets {
  const file = join(config.dataDir, 'secrets.json')
  const kept = existsSync(file) ? Secrets.partial().parse(JSON.parse(readFileSync(file, 'utf8'))) : {}
  const secrets: Secrets = {
    projectKey: config.projectKey ?? kept.projectKey ?? `cairn_${randomBytes(32).toString('base64url')}`,
    adminEmail: config.adminEmail ?? kept.adminEmail ?? 'admin@cairn.local',
    adminPassword: config.adminPassword ?? kept.adminPassword ?? randomBytes(12).toString('base64url'),
    authSecret: kept.authSecret ?? randomBytes(32).toString('base64url'),
  }
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, OWNER_ONLY)
  writeFileSync(join(config.dataDir, 'project-key'), `${secrets.projectKey}\n`, OWNER_ONLY)
  return secrets
}
