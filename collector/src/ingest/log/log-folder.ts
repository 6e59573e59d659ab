import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export class LogFolderError extends Error {
  override readonly name = 'LogFolderError'
}

/** Takes the folder for this process, which alone may write in it. A process that is gone holds nothing. */
export function lockLogFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'owner')
  const owner = readText(path)
  const [pid, birth = ''] = (owner ?? '').split(' ')
  if (owner !== undefined && isAlive(Number(pid)) && birthOf(Number(pid)) === birth)
    throw new LogFolderError(
      `${folder} is in use by the collector of process ${pid}: stop that one first, or set CAIRN_DATA_DIR to another folder for this one.`,
    )
  rmSync(path, { force: true })
  writeFileSync(path, `${process.pid} ${birthOf(process.pid)}`, { flag: 'wx', mode: 0o600 })
  return () => rmSync(path, { force: true })
}

/** Names the log for as long as its folder lives: ClickHouse knows blocks by it. */
export function readLogId(folder: string): string {
  const path = join(folder, 'id')
  const known = readText(path)
  if (known !== undefined) return known
  const id = randomBytes(12).toString('base64url')
  writeFileSync(`${path}.new`, id, { mode: 0o600, flush: true })
  renameSync(`${path}.new`, path)
  return id
}

function readText(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() || undefined : undefined
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** When a process began, in the system's ticks: numbers of processes are used again, in containers at once. Empty where unknown. */
function birthOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
