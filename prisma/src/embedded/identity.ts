import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { StoreError } from '../errors.ts'

/** How to run Postgres' programs: it refuses to run as root, so root lends it another user. */
export interface Identity {
  uid?: number
  gid?: number
  /** Command to put before the program, where changing the user isn't enough. */
  prefix: string[]
}

/** @param paths what that user must be able to reach: the programs and the data folder */
export function chooseIdentity(paths: string[]): Identity {
  if (process.getuid?.() !== 0) return { prefix: [] }
  const user = findUser('postgres') ?? createUser('postgres') ?? findUser('nobody')
  if (user === undefined)
    throw new StoreError(
      'start_failed',
      'Postgres does not run as root, and there is no user "postgres" or "nobody": set DATABASE_URL, or start as a normal user.',
    )
  if (paths.every(isOpenToAll)) return { ...user, prefix: [] }
  return { ...user, prefix: throughClosedFolders(user) }
}

function findUser(name: string): { uid: number; gid: number } | undefined {
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  try {
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    return undefined
  }
}

function createUser(name: string): { uid: number; gid: number } | undefined {
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', name], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  return findUser(name)
}

function isOpenToAll(path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

/**
 * A clone in /root, or a folder made by mkdtemp, is closed to every user but root. setpriv (of util-linux) changes the user
 * and leaves it the one right to pass closed folders.
 */
function throughClosedFolders({ uid, gid }: { uid: number; gid: number }): string[] {
  const prefix = [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
    '--',
  ]
  try {
    execFileSync('setpriv', [...prefix.slice(1), 'true'], { stdio: 'ignore' })
    return prefix
  } catch (cause) {
    throw new StoreError(
      'start_failed',
      `Postgres does not run as root, and user ${uid} can't reach this folder: move it out of folders that only root may enter (such as /root), set CAIRN_DATA_DIR, or set DATABASE_URL.`,
      { cause },
    )
  }
}
