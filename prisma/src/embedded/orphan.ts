import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { StoreError } from '../errors.ts'
import { commandLine, isAlive, waitUntilGone } from './processes.ts'

/** After a kill, the server of the last start may still run, or have left its pid file behind: neither may stop this start. */
export async function clearOrphan(cluster: string): Promise<void> {
  const pidFile = join(cluster, 'postmaster.pid')
  const pid = readPid(pidFile)
  if (pid === undefined) return
  if (isAlive(pid) && commandLine(pid).includes(cluster)) {
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      signalIfAlive(pid, signal)
      if (await waitUntilGone(pid, 10_000)) break
    }
    if (isAlive(pid))
      throw new StoreError('in_use', `Postgres (process ${pid}) still runs on ${cluster} and can't be stopped: stop it by hand.`)
  }
  // Its pid may belong to some other process now, which Postgres would take for a running server.
  if (readPid(pidFile) === pid) rmSync(pidFile, { force: true })
}

function readPid(path: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(path, 'utf8'), 10)
    return Number.isInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}

function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // Gone in between.
  }
}
