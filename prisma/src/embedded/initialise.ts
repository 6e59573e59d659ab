import { execFile } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { StoreError } from '../errors.ts'
import type { PostgresBinaries } from './binaries.ts'
import { clusterFolder } from './data-folder.ts'
import type { Identity } from './identity.ts'

export const SUPERUSER = 'cairn'

/** Makes the cluster, in a folder that takes its name when it is whole: a start killed in here leaves no half cluster. */
export async function initialiseCluster(
  dataDir: string,
  password: string,
  how: { binaries: PostgresBinaries; identity: Identity },
): Promise<void> {
  const { binaries, identity } = how
  if (existsSync(clusterFolder(dataDir))) return
  const unfinished = join(dataDir, 'data.unfinished')
  const passwordFile = join(dataDir, 'initial-password')
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { mode: 0o700 })
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  if (identity.uid !== undefined && identity.gid !== undefined) {
    chownSync(unfinished, identity.uid, identity.gid)
    chownSync(passwordFile, identity.uid, identity.gid)
  }
  const [command = '', ...args] = [
    ...identity.prefix,
    binaries.initdb,
    `--pgdata=${unfinished}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--data-checksums',
  ]
  try {
    await promisify(execFile)(command, args, { cwd: dataDir, ...(identity.prefix.length > 0 ? {} : userOf(identity)) })
  } catch (cause) {
    throw new StoreError('start_failed', `initdb failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  } finally {
    rmSync(passwordFile, { force: true })
  }
  renameSync(unfinished, clusterFolder(dataDir))
}

export function userOf({ uid, gid }: Identity): { uid?: number; gid?: number } {
  return uid === undefined || gid === undefined ? {} : { uid, gid }
}
