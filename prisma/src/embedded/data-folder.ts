import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StoreError } from '../errors.ts'
import { birthMark, isAlive } from './processes.ts'

/** What a data folder remembers from start to start. */
export interface Remembered {
  password: string
  port?: number
}

export const clusterFolder = (dataDir: string): string => join(dataDir, 'data')

export function readRemembered(dataDir: string): Remembered {
  mkdirSync(dataDir, { recursive: true })
  try {
    return JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8'))
  } catch {
    const fresh = { password: randomBytes(24).toString('base64url') }
    writeRemembered(dataDir, fresh)
    return fresh
  }
}

export function writeRemembered(dataDir: string, remembered: Remembered): void {
  const path = join(dataDir, 'server.json')
  writeFileSync(path, `${JSON.stringify(remembered)}\n`, { mode: 0o600 })
  chmodSync(path, 0o600)
}

/** Two starts on one folder would stop each other's server: the second one is told so. */
export function lockFolder(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true })
  const path = join(dataDir, 'owner')
  const owner = readOwner(path)
  if (owner !== undefined && isAlive(owner.pid) && birthMark(owner.pid) === owner.mark)
    throw new StoreError(
      'in_use',
      `${dataDir} is in use by process ${owner.pid}: stop that one first, or set CAIRN_DATA_DIR to another folder.`,
    )
  rmSync(path, { force: true })
  writeFileSync(path, `${process.pid} ${birthMark(process.pid)}\n`, { flag: 'wx' })
  return () => rmSync(path, { force: true })
}

function readOwner(path: string): { pid: number; mark: string } | undefined {
  try {
    const [pid = '', ...mark] = readFileSync(path, 'utf8').trim().split(' ')
    return { pid: Number(pid), mark: mark.join(' ') }
  } catch {
    return undefined
  }
}
