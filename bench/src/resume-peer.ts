import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { TakenOver } from './resume-cairn.ts'
import { peersFolder } from './step-system.ts'

const TIMEOUT_MS = 600_000

/** A peer's process runs all steps but the last and is killed in it; then another goes on. */
export function takeOverByPeer(system: string, databaseUrl: string, steps: number): TakenOver {
  const id = randomUUID()
  const run = (phase: 'run' | 'resume') => {
    const args = ['--no-deprecation', join(peersFolder, 'resume-worker.mjs'), system, phase, databaseUrl, id, String(steps)]
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: TIMEOUT_MS })
    return { line: stdout.split('\n').find((line) => line.startsWith('@@')), stderr }
  }
  run('run')
  const { line, stderr } = run('resume')
  if (line === undefined) throw new Error(`${system} did not go on: ${stderr.slice(-500)}`)
  return JSON.parse(line.slice(2)) as TakenOver
}
