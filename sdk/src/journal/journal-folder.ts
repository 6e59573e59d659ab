import { createHash, randomBytes } from 'node:crypto'
import { readdir, rename, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import type { Config } from '../config.ts'

export type JournalKind = 'checkpoints' | 'spans'

/** A file of another machine (a shared volume) counts as left behind when nobody has touched it for this long. */
const FOREIGN_IDLE_MS = 60_000
/** How often a process touches a file that it still needs. */
export const TOUCH_MS = 10_000

const HOST = hostname()
  .replace(/[^A-Za-z0-9.]/g, '_')
  .slice(0, 60)
/** Names given out by this process: another instance may have had the same pid, as in containers. */
const own = new Set<string>()

/** Where the journals of one collector and key lie: another project must never get them. */
export function journalFolder({ journalDir, url, apiKey }: Pick<Config, 'journalDir' | 'url' | 'apiKey'>): string {
  const target = createHash('sha256')
    .update(`${url}\0${apiKey ?? ''}`)
    .digest('hex')
    .slice(0, 12)
  return resolve(journalDir, target)
}

/** A name that no other process has: kind, host, process, and a random part. */
export function newJournalPath(folder: string, kind: JournalKind): string {
  const name = `${kind}~${HOST}~${process.pid}~${randomBytes(6).toString('hex')}.jsonl`
  own.add(name)
  return join(folder, name)
}

/** Takes over the journals that processes which are gone have left. Nobody else gets the same ones. */
export async function adoptJournals(folder: string, kind: JournalKind): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  const adopted: string[] = []
  for (const name of names.filter((candidate) => candidate.startsWith(`${kind}~`) && candidate.endsWith('.jsonl')).sort()) {
    if (own.has(name) || !(await isLeftBehind(folder, name))) continue
    const path = newJournalPath(folder, kind)
    try {
      await rename(join(folder, name), path)
      adopted.push(path)
    } catch {
      // Another process was faster.
    }
  }
  return adopted
}

async function isLeftBehind(folder: string, name: string): Promise<boolean> {
  const [, host, pid] = name.split('~')
  if (host === HOST) return Number(pid) === process.pid || !isAlive(Number(pid))
  const file = await stat(join(folder, name)).catch(() => undefined)
  return file !== undefined && Date.now() - file.mtimeMs > FOREIGN_IDLE_MS
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
